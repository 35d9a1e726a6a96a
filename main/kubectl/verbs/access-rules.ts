import { listAt, type Json, type JsonObject } from '../exact-json.ts';
import { byCodePoint } from '../print/json.ts';

/** One row of `auth can-i --list`. */
export interface AccessRule {
  readonly resource: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

interface Single {
  readonly group: string | null;
  readonly resource: string | null;
  readonly name: string | null;
  readonly path: string | null;
  readonly verbs: string[];
}

/** A rules review broken down to single resources and put together by verb, in kubectl's order. */
export function compactRules(status: JsonObject): AccessRule[] {
  const simple = new Map<string, Single>();
  const paths: Single[] = [];
  for (const rule of listAt(status, 'resourceRules')) {
    for (const group of texts(rule, 'apiGroups')) {
      for (const resource of texts(rule, 'resources')) {
        for (const verb of texts(rule, 'verbs')) {
          const names = texts(rule, 'resourceNames');
          for (const name of names.length === 0 ? [null] : names) {
            const key = JSON.stringify([group, resource, name]);
            const known = simple.get(key);
            if (known === undefined) simple.set(key, { group, resource, name, path: null, verbs: [verb] });
            else if (!known.verbs.includes(verb)) known.verbs.push(verb);
          }
        }
      }
    }
  }
  for (const rule of listAt(status, 'nonResourceRules')) {
    for (const path of texts(rule, 'nonResourceURLs')) {
      for (const verb of texts(rule, 'verbs'))
        paths.push({ group: null, resource: null, name: null, path, verbs: [verb] });
    }
  }
  return [...paths, ...simple.values()].sort((a, b) => byCodePoint(sortKey(a), sortKey(b))).map(shown);
}

function texts(rule: Json, key: string): string[] {
  return listAt(rule, key).map(String);
}

function sortKey({ group, resource, name, path, verbs }: Single): string {
  const one = (value: string | null): string => `[${value ?? ''}]`;
  return `Verbs:[${verbs.join(' ')}],APIGroups:${one(group)},Resources:${one(resource)},ResourceNames:${one(name)},NonResourceURLs:${one(path)},`;
}

function shown({ group, resource, name, path, verbs }: Single): AccessRule {
  const [base = '', below] = (resource ?? '').split(/\/(.*)/s);
  const combined = `${base}${group === null || group === '' ? '' : `.${group}`}${below === undefined ? '' : `/${below}`}`;
  return {
    resource: resource === null ? '' : combined,
    paths: path === null ? [] : [path],
    names: name === null ? [] : [name],
    verbs,
  };
}
