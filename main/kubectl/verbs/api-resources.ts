/** `kubectl api-resources` and `kubectl api-versions`, of the cluster's discovery. */
import type { ApiResource } from '../../clusters/cluster-access.ts';
import type { Call } from '../call.ts';
import { invalid } from '../command-error.ts';
import type { Json } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { byCodePoint } from '../print/json.ts';
import { plainOutcome } from '../print/plain-table.ts';
import { printOrderedJson } from '../print/ordered-json.ts';
import { printYaml } from '../print/yaml.ts';
import { apiVersionOf, qualified } from '../resource-names.ts';

export async function apiResources(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (args.length > 0)
    throw invalid(`unexpected arguments: [${args.join(' ')}]\nSee 'kubectl api-resources -h' for help and examples`);
  const sortBy = flags.text('sort-by') ?? '';
  if (!['', 'name', 'kind'].includes(sortBy)) throw invalid('--sort-by accepts only name or kind');
  const group = flags.text('api-group');
  const found = (await call.reader.resources())
    .filter((one) => one.preferred && one.verbs.length > 0)
    .filter((one) => group === undefined || one.group === group)
    .filter((one) => !flags.has('namespaced') || one.namespaced === flags.is('namespaced'))
    .filter((one) => flags.list('verbs').every((verb) => one.verbs.includes(verb)))
    .filter((one) => flags.list('categories').every((category) => one.categories.includes(category)));
  const keyOf = (one: ApiResource): string => (sortBy === 'name' ? one.name : sortBy === 'kind' ? one.kind : one.group);
  const sorted = [...found].sort((a, b) => byCodePoint(keyOf(a), keyOf(b)) || byCodePoint(a.name, b.name));
  const { format } = outputFormat(flags);
  switch (format) {
    case '':
    case 'wide':
      return plainOutcome({
        resource: '',
        columns: [
          'NAME',
          'SHORTNAMES',
          'APIVERSION',
          'NAMESPACED',
          'KIND',
          ...(format === 'wide' ? ['VERBS', 'CATEGORIES'] : []),
        ],
        rows: sorted.map((one) => ({ cells: cellsOf(one, format === 'wide') })),
        headers: !flags.is('no-headers'),
        sorted: sortBy !== '',
      });
    case 'name':
      return textOutcome(sorted.map((one) => `${qualified(one)}\n`).join(''));
    case 'json':
    case 'yaml': {
      const list = listOf(sorted);
      const text = format === 'json' ? printOrderedJson(list, '    ') : printYaml(list);
      return outcome({ kind: 'document', language: format, text, object: null }, () => text);
    }
    default:
      throw invalid(
        `unable to match a printer suitable for the output format "${format}", allowed formats are: json,name,wide,yaml`,
      );
  }
}

function cellsOf(one: ApiResource, isWide: boolean): (string | boolean)[] {
  const cells = [one.name, one.shortNames.join(','), apiVersionOf(one), one.namespaced, one.kind];
  return isWide ? [...cells, [...one.verbs].join(','), one.categories.join(',')] : cells;
}

function listOf(resources: readonly ApiResource[]): Json {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.map((one) => ({
      name: one.name,
      singularName: one.singular,
      namespaced: one.namespaced,
      ...(one.group === '' ? {} : { group: one.group }),
      version: one.version,
      kind: one.kind,
      verbs: [...one.verbs],
      ...(one.shortNames.length === 0 ? {} : { shortNames: [...one.shortNames] }),
      ...(one.categories.length === 0 ? {} : { categories: [...one.categories] }),
    })),
  };
}

export async function apiVersions(call: Call): Promise<Outcome> {
  const { args } = call.invocation;
  if (args.length > 0)
    throw invalid(`unexpected arguments: [${args.join(' ')}]\nSee 'kubectl api-versions -h' for help and examples`);
  const versions = new Set((await call.reader.resources()).map(apiVersionOf));
  return textOutcome(
    [...versions]
      .sort(byCodePoint)
      .map((version) => `${version}\n`)
      .join(''),
  );
}
