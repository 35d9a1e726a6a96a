/** Label and field selectors, in the words and with the errors of the real server. */
import { badRequest } from './errors.ts';
import type { LabelSelector, Manifest } from './kinds.ts';

export type Match = (object: Manifest) => boolean;
type LabelTest = (labels: Record<string, string>) => boolean;

/** `a=b,c!=d,e in (f,g),!h`. @throws ApiError 400. */
export function parseLabelSelector(text: string): Match {
  if (!text.trim()) return () => true;
  const tests = splitOutside(text).map(labelTest);
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

/** Commas that do not stand in parentheses separate. */
function splitOutside(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function labelTest(text: string): LabelTest {
  const set = /^([^\s!=(]+)\s+(in|notin)\s*\((.*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return operator === 'in'
      ? (labels) => key in labels && values.includes(labels[key] ?? '')
      : (labels) => !(key in labels) || !values.includes(labels[key] ?? '');
  }
  if (/^[^\s!=(]+\s+(in|notin)\b/.test(text)) {
    throw badRequest("unable to parse requirement: found '', expected: ',', ')' or identifier");
  }
  const equality = /^([^\s!=<>]+)\s*(==|=|!=|>|<)\s*([^\s=!<>]*)(.*)$/.exec(text);
  if (equality) {
    const [, key = '', operator, value = '', extra = ''] = equality;
    if (extra.trim())
      throw badRequest(`unable to parse requirement: found '${extra.trim().slice(0, 1)}', expected: identifier`);
    if (operator === '!=') return (labels) => labels[key] !== value;
    if (operator === '>') return (labels) => key in labels && Number(labels[key]) > Number(value);
    if (operator === '<') return (labels) => key in labels && Number(labels[key]) < Number(value);
    return (labels) => labels[key] === value;
  }
  const negated = text.startsWith('!');
  const key = negated ? text.slice(1).trim() : text;
  if (!/^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/.test(key)) {
    throw badRequest(`unable to parse requirement: found '${key}', expected: identifier`);
  }
  return negated ? (labels) => !(key in labels) : (labels) => key in labels;
}

/** A LabelSelector object, as workloads carry it. An empty one selects everything, none selects nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean {
  if (!selector) return false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  if (pairs.some(([key, value]) => labels[key] !== value)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key in labels;
    if (operator === 'DoesNotExist') return !(key in labels);
    const isIn = key in labels && values.includes(labels[key] ?? '');
    return operator === 'In' ? isIn : !isIn;
  });
}

/** A LabelSelector as text, the form in which a Scale carries it. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [...equal, ...expressions].sort().join(',');
}

/** Fields a resource can be selected by, beside its name and namespace. */
const selectableFields: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

/** `metadata.name=x,status.phase!=Running`. @throws ApiError 400 for a field that cannot be selected by. */
export function parseFieldSelector(text: string, storage: string): Match {
  if (!text.trim()) return () => true;
  const own = Object.hasOwn(selectableFields, storage) ? selectableFields[storage] : undefined;
  const tests = text
    .split(/(?<!\\),/)
    .filter(Boolean)
    .map((term): Match => {
      const parts = /^([^=!]+)(==|=|!=)(.*)$/.exec(term.trim());
      if (!parts) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
      const [, field = '', operator, raw = ''] = parts;
      if (field !== 'metadata.name' && field !== 'metadata.namespace' && !own?.includes(field)) {
        throw badRequest(
          own
            ? `field label not supported: ${field}`
            : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      }
      const wanted = raw.replace(/\\([\\,=])/g, '$1');
      return (object) => (fieldText(object, field, storage) === wanted) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

function fieldText(object: Manifest, field: string, storage: string): string {
  let value: unknown = object;
  if (storage === 'jobs.batch' && field === 'status.successful') field = 'status.succeeded';
  const path = storage === 'events' && field === 'source' ? ['source', 'component'] : field.split('.');
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
  if (value === undefined || value === null) {
    if (field === 'spec.unschedulable' || field === 'spec.hostNetwork') return 'false';
    return storage === 'replicasets.apps' || storage === 'jobs.batch' || storage === 'replicationcontrollers'
      ? '0'
      : '';
  }
  return String(value as string | number | boolean);
}
