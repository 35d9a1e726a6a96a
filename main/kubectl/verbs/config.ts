/** `kubectl config`: the contexts of the person's kubeconfigs. They are read, never written; secrets are never shown. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ClusterAccess } from '../../clusters/cluster-access.ts';
import type { Contexts, LocalCall } from '../call.ts';
import { CommandError, invalid } from '../command-error.ts';
import { isList, isObject, listAt, objectAt, textAt, type Json, type JsonObject } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { byCodePoint } from '../print/json.ts';
import { printOrderedJson } from '../print/ordered-json.ts';
import { plainOutcome } from '../print/plain-table.ts';
import { printerOf } from '../print/printer.ts';

type Config = ClusterAccess['config'];

export async function getContexts({ invocation, contexts }: LocalCall): Promise<Outcome> {
  const { flags, args } = invocation;
  const { format } = outputFormat(flags);
  if (!['', 'name'].includes(format)) throw invalid("output must be one of '' or 'name'");
  const all = [...contexts.all()].sort((a, b) => byCodePoint(a.context, b.context));
  const chosen = args.length === 0 ? all : all.filter(({ context }) => args.includes(context));
  const failures = args
    .filter((name) => !all.some(({ context }) => context === name))
    .map(
      (name) =>
        new CommandError(
          'cluster.unknown',
          `error: context ${name} not found`,
          'kubectl config get-contexts lists the contexts.',
        ),
    );
  if (format === 'name') {
    const text = chosen.map(({ context }) => `${context}\n`).join('');
    return outcome({ kind: 'text', text }, () => text, [], failures);
  }
  const current = contexts.current()?.id;
  const named = new Map((await readConfigs(all, contexts)).flatMap(namesIn));
  return plainOutcome(
    {
      resource: '',
      columns: ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'],
      rows: chosen.map((config) => ({
        cells: [
          config.id === current ? '*' : '',
          config.context,
          named.get(config.context)?.cluster ?? config.server,
          named.get(config.context)?.user ?? config.user,
          named.get(config.context)?.namespace ?? '',
        ],
      })),
      headers: !flags.is('no-headers'),
    },
    [],
    failures,
  );
}

export async function currentContext({ contexts }: LocalCall): Promise<Outcome> {
  const current = contexts.current();
  if (current === null) throw invalid('current-context is not set', 'Choose a cluster, or kubectl config use-context.');
  return textOutcome(`${current.context}\n`);
}

/** The app's own choice; the kubeconfig stays as it is. */
export async function useContext({ invocation, contexts, caller }: LocalCall): Promise<Outcome> {
  const [name, ...more] = invocation.args;
  if (name === undefined || more.length > 0)
    throw invalid('unexpected args: [' + invocation.args.join(' ') + ']', 'Name one context.');
  const found = contexts.all().find(({ context }) => context === name);
  if (found === undefined) {
    throw new CommandError(
      'cluster.unknown',
      `error: no context exists with the name: "${name}"`,
      'kubectl config get-contexts lists the contexts.',
    );
  }
  contexts.select(found.id, caller);
  return textOutcome(`Switched to context "${name}".\n`);
}

export async function view({ invocation, contexts }: LocalCall): Promise<Outcome> {
  const { flags } = invocation;
  if (flags.is('raw') || flags.is('flatten')) {
    throw new CommandError(
      'command.unsupported',
      'error: --raw and --flatten would show secrets',
      'Leave the flag out: the rest is shown.',
    );
  }
  const { format, argument } = outputFormat(flags);
  const printer = printerOf(
    { format: format === '' ? 'yaml' : format, argument },
    { managedFields: true, strict: !flags.is('allow-missing-template-keys', true) },
  );
  if (printer === null)
    throw invalid('unable to match a printer suitable for the output format "wide", allowed formats are: json,yaml');
  const current = contexts.current();
  const files = await readConfigs(contexts.all(), contexts);
  const merged = mergeConfigs(files, current?.context ?? '', contexts);
  const shown = flags.is('minify') ? minified(merged) : merged;
  const text = format === 'json' ? printOrderedJson(inOrder(shown), '    ') : printer.print(shown);
  return outcome(
    printer.language === null
      ? { kind: 'text', text }
      : { kind: 'document', language: printer.language, text, object: null },
    () => text,
  );
}

function readConfigs(configs: readonly Config[], contexts: Contexts): Promise<JsonObject[]> {
  return Promise.all([...new Set(configs.map(({ source }) => source))].map((path) => readConfig(path, contexts)));
}

async function readConfig(path: string, contexts: Contexts): Promise<JsonObject> {
  const text = await contexts.read(path).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'cannot be read';
    const remedy = 'Put the file back, or name another with --kubeconfig.';
    throw new CommandError('kubeconfig.missing', `error: ${path} ${why}`, remedy, { cause: error });
  });
  // The file was read as a kubeconfig before, which refuses a key twice; looking for it here takes time by the square.
  const config = parse(text, { maxAliasCount: 10, uniqueKeys: false }) as Json;
  return isObject(config) ? withAbsolutePaths(config, dirname(path)) : {};
}

function namesIn(config: JsonObject): [string, { cluster: string; user: string; namespace: string }][] {
  return listAt(config, 'contexts').map((entry) => [
    textAt(entry, 'name'),
    {
      cluster: textAt(entry, 'context', 'cluster'),
      user: textAt(entry, 'context', 'user'),
      namespace: textAt(entry, 'context', 'namespace'),
    },
  ]);
}

const pathKeys = new Set(['certificate-authority', 'client-certificate', 'client-key', 'tokenFile']);

function withAbsolutePaths(value: JsonObject, folder: string): JsonObject {
  const absolute = (key: string, inner: Json | undefined): Json => {
    if (typeof inner === 'string' && pathKeys.has(key) && !isAbsolute(inner)) return resolve(folder, inner);
    if (isList(inner)) return inner.map((one) => (isObject(one) ? withAbsolutePaths(one, folder) : one));
    return isObject(inner) ? withAbsolutePaths(inner, folder) : (inner ?? null);
  };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, absolute(key, inner)]));
}

function mergeConfigs(files: readonly JsonObject[], current: string, contexts: Contexts): JsonObject {
  const merge = (kind: string): Json[] => {
    const seen = new Map<string, Json>();
    for (const file of files)
      for (const entry of listAt(file, kind)) {
        const name = textAt(entry, 'name');
        if (!seen.has(name)) seen.set(name, masked(entry, contexts));
      }
    return [...seen.entries()].sort(([a], [b]) => byCodePoint(a, b)).map(([, entry]) => entry);
  };
  return {
    apiVersion: 'v1',
    clusters: merge('clusters'),
    contexts: merge('contexts'),
    'current-context': current,
    kind: 'Config',
    users: merge('users'),
  };
}

/** Values that are secrets, or may hold one, are never shown. */
function masked(value: Json, contexts: Contexts): Json {
  if (isList(value)) return value.map((one) => masked(one, contexts));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (/^(certificate-authority|client-certificate|client-key)-data$/.test(key)) return [key, 'DATA+OMITTED'];
      if (/^(token|password|id-token|refresh-token|access-token|client-secret)$/.test(key)) return [key, 'REDACTED'];
      // An address may carry a name and a password.
      if (/^(server|proxy-url)$/.test(key) && typeof inner === 'string') return [key, withoutPassword(inner)];
      if (key === 'env' && isList(inner)) return [key, inner.map((one) => ({ ...objectAt(one), value: 'REDACTED' }))];
      if (key === 'args' && isList(inner)) return [key, [...contexts.shownArguments(inner.map(String))]];
      return [key, masked(inner ?? null, contexts)];
    }),
  );
}

function withoutPassword(address: string): string {
  return address.replace(/^([a-z0-9+.-]*:?\/\/)[^/?#]*@/i, '$1REDACTED@');
}

/** kubectl writes this one with the fields of its structs in their order. */
function inOrder(config: JsonObject): JsonObject {
  const pick = (value: JsonObject, keys: readonly string[]): JsonObject =>
    Object.fromEntries(
      [...keys.filter((key) => key in value), ...Object.keys(value).filter((key) => !keys.includes(key))].map((key) => [
        key,
        value[key],
      ]),
    );
  const entry =
    (inner: string, keys: readonly string[]) =>
    (one: Json): Json => {
      const object = isObject(one) ? one : {};
      return pick({ ...object, [inner]: pick(objectAt(object, inner), keys) }, ['name', inner]);
    };
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: listAt(config, 'clusters').map(
      entry('cluster', [
        'server',
        'tls-server-name',
        'insecure-skip-tls-verify',
        'certificate-authority',
        'certificate-authority-data',
      ]),
    ),
    users: listAt(config, 'users').map(
      entry('user', ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token']),
    ),
    contexts: listAt(config, 'contexts').map(entry('context', ['cluster', 'user', 'namespace'])),
    'current-context': textAt(config, 'current-context'),
  };
}

function minified(config: JsonObject): JsonObject {
  const current = textAt(config, 'current-context');
  const context = listAt(config, 'contexts').filter((entry) => textAt(entry, 'name') === current);
  const [only] = context;
  const named = (kind: string, name: string): Json[] =>
    listAt(config, kind).filter((entry) => textAt(entry, 'name') === name);
  return {
    ...config,
    clusters: named('clusters', textAt(only, 'context', 'cluster')),
    contexts: context,
    users: named('users', textAt(only, 'context', 'user')),
  };
}
