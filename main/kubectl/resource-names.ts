/**
 * What the words after a verb name: `po`, `deploy/web`, `pods,svc`, `all`, `deployments.v1.apps`, a CRD's short name.
 * Pure: it takes the resources that the cluster serves and gives targets; whether an object is there is not its business.
 */
import type { ApiResource } from '../clusters/cluster-access.ts';
import { invalid } from './command-error.ts';
import { nearest } from './suggest.ts';

/** One type, with the names asked of it; no names: all of them. */
export interface Target {
  readonly resource: ApiResource;
  readonly names: readonly string[];
}

/** `deployments.apps`; `pods` for the core group. */
export function qualified(resource: ApiResource): string {
  return resource.group === '' ? resource.name : `${resource.name}.${resource.group}`;
}

export function apiVersionOf(resource: ApiResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `deployment.apps`, as `-o name` and --show-kind write it. */
export function kindPrefix(resource: ApiResource): string {
  return (resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`).toLowerCase();
}

/** The path of the collection, or of one object in it. */
export function pathOf(resource: ApiResource, namespace: string | null, name?: string, subresource?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const inside = resource.namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const one = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${inside}/${resource.name}${one}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** kubectl's rules for `TYPE`, `TYPE NAME...`, `TYPE/NAME...` and `TYPE,TYPE`. Throws AppError 'command.invalid'. */
export function resolveTargets(args: readonly string[], resources: readonly ApiResource[]): Target[] {
  const [first = '', ...rest] = args;
  if (args.some((arg) => arg.includes('/'))) return pairs(args, resources);
  const types = first.split(',').flatMap((word) => typesOf(word, resources));
  return types.map((resource) => ({ resource, names: rest }));
}

function pairs(args: readonly string[], resources: readonly ApiResource[]): Target[] {
  if (!args.every((arg) => arg.includes('/'))) {
    throw invalid(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  return args.map((arg) => {
    const parts = arg.split('/');
    const [type = '', name = ''] = parts;
    if (parts.length !== 2) throw invalid('arguments in resource/name form may not have more than one slash');
    if (type === '' || name === '') {
      throw invalid('arguments in resource/name form must have a single resource and name');
    }
    return { resource: oneType(type, resources), names: [name] };
  });
}

/** Categories stand for all their types. */
function typesOf(word: string, resources: readonly ApiResource[]): ApiResource[] {
  const found = findType(word, resources);
  if (found !== null) return [found];
  const category = resources.filter(
    (one) => one.preferred && one.categories.includes(word) && one.verbs.includes('list'),
  );
  if (category.length > 0) return category;
  throw unknownType(word, resources);
}

/** Throws AppError 'command.invalid'. */
export function oneType(word: string, resources: readonly ApiResource[]): ApiResource {
  const found = findType(word, resources);
  if (found === null) throw unknownType(word, resources);
  return found;
}

/** By plural, singular, short name or kind, each with `.group` or `.version.group` behind it. */
export function findType(word: string, resources: readonly ApiResource[]): ApiResource | null {
  const typed = word.toLowerCase();
  const [base = '', ...tail] = typed.split('.');
  const named = (one: ApiResource, name: string): boolean => one.name === name || one.singular === name;
  const known = (one: ApiResource, name: string): boolean =>
    named(one, name) || one.shortNames.includes(name) || one.kind.toLowerCase() === name;
  const served = resources.filter((one) => !one.name.includes('/'));
  const preferred = served.filter((one) => one.preferred);

  if (tail.length === 0) {
    return (
      preferred.find((one) => named(one, base)) ??
      preferred.find((one) => one.shortNames.includes(base)) ??
      preferred.find((one) => one.kind.toLowerCase() === base) ??
      served.find((one) => known(one, base)) ??
      null
    );
  }
  const [version = '', ...group] = tail;
  const exact = served.find((one) => known(one, base) && one.version === version && one.group === group.join('.'));
  const wanted = tail.join('.');
  const inGroup = (one: ApiResource): boolean => known(one, base) && one.group === wanted;
  // A group may be shortened: `deployments.app`.
  const groupBegins = (one: ApiResource): boolean => known(one, base) && one.group.startsWith(wanted);
  return exact ?? preferred.find(inGroup) ?? served.find(inGroup) ?? preferred.find(groupBegins) ?? null;
}

/** What kubectl says where a short name fits several types: the first one is taken. */
export function shortNameWarnings(args: readonly string[], resources: readonly ApiResource[]): string[] {
  const words = (
    args.some((arg) => arg.includes('/')) ? args.map((arg) => arg.split('/')[0] ?? '') : (args[0] ?? '').split(',')
  ).map((word) => word.toLowerCase());
  return [...new Set(words)].flatMap((word) => {
    const preferred = resources.filter((one) => one.preferred && !one.name.includes('/'));
    if (preferred.some((one) => one.name === word || one.singular === word)) return [];
    const [, ...others] = preferred.filter((one) => one.shortNames.includes(word));
    return others.map(
      (one) => `Warning: short name "${word}" could also match lower priority resource ${qualified(one)}`,
    );
  });
}

function unknownType(word: string, resources: readonly ApiResource[]): Error {
  const close = nearest(
    word,
    resources.filter((one) => one.preferred).flatMap((one) => [one.name, ...one.shortNames]),
  );
  return invalid(
    `the server doesn't have a resource type "${word}"`,
    close === null ? 'kubectl api-resources lists the types of this cluster.' : `Did you mean ${close}?`,
  );
}
