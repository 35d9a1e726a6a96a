/** `kubectl auth can-i` and `auth whoami`: the server's own review of what may be done, and by whom. */
import type { ApiResource } from '../../clusters/cluster-access.ts';
import type { Call } from '../call.ts';
import { invalid } from '../command-error.ts';
import { at, isObject, listAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { outcome, type Outcome } from '../outcome.ts';
import { plainOutcome } from '../print/plain-table.ts';
import { printerOf } from '../print/printer.ts';
import { sortedKeys } from '../print/json.ts';
import { findType } from '../resource-names.ts';
import { compactRules } from './access-rules.ts';

const resourceVerbs =
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  );
const pathVerbs = 'get put post head options delete patch *'.split(' ');
const nonStandard = ['users', 'groups'];

export async function canI(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  const namespace = flags.is('all-namespaces') ? '' : call.namespace;
  if (flags.is('list')) return accessList(call);
  if (flags.is('no-headers')) throw invalid('--no-headers cannot be set without --list specified');
  const [verb, word, ...more] = args;
  if (verb === undefined || word === undefined || more.length > 0) {
    throw invalid(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  }
  const { spec, notes } = word.startsWith('/')
    ? pathReview(verb, word)
    : resourceReview(
        verb,
        word,
        await call.reader.resources(),
        namespace,
        flags.text('subresource') ?? '',
        flags.is('all-namespaces'),
      );
  const answer = await call.reader.review('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec,
  });
  const isAllowed = at(answer, 'status', 'allowed') === true;
  const reasons = ['reason', 'evaluationError']
    .map((key) => textAt(answer, 'status', key))
    .filter((text) => text !== '');
  const text = flags.is('quiet')
    ? ''
    : `${['no', ...reasons].slice(0, isAllowed ? 0 : undefined).join(' - ') || 'yes'}\n`;
  return { ...outcome({ kind: 'text', text }, () => text, notes), exitCode: isAllowed ? 0 : 1 };
}

function pathReview(verb: string, path: string): { spec: Json; notes: string[] } {
  return {
    spec: { nonResourceAttributes: { verb, path } },
    notes: pathVerbs.includes(verb) ? [] : [`Warning: verb '${verb}' is not a known verb\n`],
  };
}

function resourceReview(
  verb: string,
  word: string,
  resources: readonly ApiResource[],
  namespace: string,
  subresource: string,
  isEverywhere: boolean,
): { spec: Json; notes: string[] } {
  const at = word.indexOf('/');
  const type = at < 0 ? word : word.slice(0, at);
  const name = at < 0 ? '' : word.slice(at + 1);
  const found = type === '*' ? null : findType(type, resources);
  const notes: string[] = [];
  if (found === null && type !== '*' && !nonStandard.includes(type)) {
    const [base = '', ...group] = type.split('.');
    const where = group.length === 0 ? '' : ` in group '${group.join('.')}'`;
    notes.push(`Warning: the server doesn't have a resource type '${base}'${where}\n`);
  }
  if (!isEverywhere) {
    if (found !== null && !found.namespaced) {
      notes.push(
        `Warning: resource '${found.name}' is not namespace scoped${found.group === '' ? '' : ` in group '${found.group}'`}\n`,
      );
    }
    if (!resourceVerbs.includes(verb)) notes.push(`Warning: verb '${verb}' is not a known verb\n`);
  }
  const resourceAttributes = {
    namespace,
    verb,
    group: found?.group ?? '',
    resource: found?.name ?? type,
    subresource,
    name,
  };
  return { spec: { resourceAttributes }, notes };
}

async function accessList({ invocation: { flags, args }, reader, namespace }: Call): Promise<Outcome> {
  if (args.length > 0) throw invalid('list option must be specified with no arguments');
  if (flags.is('quiet') || flags.is('all-namespaces') || flags.has('subresource')) {
    throw invalid("list option can't be specified with neither quiet, all-namespaces nor subresource options");
  }
  const answer = await reader.review('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: { namespace },
  });
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  return plainOutcome(
    {
      resource: '',
      columns: ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'],
      rows: compactRules(objectAt(answer, 'status')).map((rule) => ({
        cells: [rule.resource, list(rule.paths), list(rule.names), list(rule.verbs)],
      })),
      headers: !flags.is('no-headers'),
    },
    at(answer, 'status', 'incomplete') === true
      ? [`Warning: the list may be incomplete: ${textAt(answer, 'status', 'evaluationError')}`]
      : [],
  );
}

export async function whoami({ invocation: { flags }, reader }: Call): Promise<Outcome> {
  const printer = printerOf(outputFormat(flags), {
    managedFields: flags.is('show-managed-fields'),
    strict: !flags.is('allow-missing-template-keys', true),
  });
  const kind = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' };
  const answer = await reader.review('/apis/authentication.k8s.io/v1/selfsubjectreviews', kind);
  if (printer !== null) {
    const text = printer.print(isObject(answer) ? { ...kind, ...answer } : answer);
    return outcome(
      printer.language === null
        ? { kind: 'text', text }
        : { kind: 'document', language: printer.language, text, object: null },
      () => text,
    );
  }
  const user = objectAt(answer, 'status', 'userInfo');
  const extra = objectAt(user, 'extra');
  const list = (values: readonly Json[]): string => `[${values.map(String).join(' ')}]`;
  const rows: [string, string][] = [
    ['Username', textAt(user, 'username')],
    ...(textAt(user, 'uid') === '' ? [] : ([['UID', textAt(user, 'uid')]] as [string, string][])),
    ['Groups', list(listAt(user, 'groups'))],
    ...sortedKeys(extra).map((key): [string, string] => [`Extra: ${key}`, list(listAt(extra, key))]),
  ];
  return plainOutcome({
    resource: '',
    columns: ['ATTRIBUTE', 'VALUE'],
    rows: rows.map((cells) => ({ cells })),
    headers: true,
  });
}
