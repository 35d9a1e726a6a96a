/** `kubectl describe`: the object, what belongs to it, and its events, in kubectl's layout. */
import { askObjects, itemsOf } from '../ask.ts';
import type { Call } from '../call.ts';
import { CommandError, invalid, unsupported } from '../command-error.ts';
import { describerOf } from '../describe/describers.ts';
import type { Around, EventsAbout } from '../describe/around.ts';
import { DescribeText } from '../describe/text.ts';
import { textAt, type Json } from '../exact-json.ts';
import { noResources } from '../no-resources.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { oneType, resolveTargets, shortNameWarnings, type Target } from '../resource-names.ts';
import { askingOf, questionOf } from './get.ts';

interface Found {
  readonly target: Target;
  readonly object: Json;
}

export async function describe(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (flags.has('filename') || flags.has('kustomize'))
    throw unsupported('files are not read here', 'Name the resources in the command.');
  if (args.length === 0) {
    throw invalid(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
      'Name a type, such as kubectl describe pod web-1.',
    );
  }
  const resources = await call.reader.resources();
  const targets = resolveTargets(args, resources);
  for (const warning of shortNameWarnings(args, resources)) call.reader.warn(warning);
  const names = targets.flatMap((target) => target.names);
  if (names.length > 0 && (flags.text('selector') ?? '') !== '')
    throw invalid('name cannot be provided when a selector is specified');
  if (names.length > 0 && flags.is('all-namespaces'))
    throw invalid('a resource cannot be retrieved by name across all namespaces');
  const { found, failures } = await find(call, targets);
  const [first] = failures;
  if (first?.failure.code === 'cluster.not-found' && args.length === 2)
    return byPrefix(call, first, args[0] ?? '', args[1] ?? '');
  const withEvents = flags.has('show-events')
    ? flags.is('show-events', true)
    : found.length <= 1 && failures.length === 0;
  const texts = await Promise.all(found.map((one) => describeOne(call, one, withEvents)));
  if (found.length === 0 && failures.length === 0) {
    return textOutcome('', await noResources(call, !flags.is('all-namespaces')));
  }
  const text = texts.join('\n\n');
  return outcome({ kind: 'text', text }, () => text, call.reader.warnings, failures);
}

async function find(call: Call, targets: readonly Target[]): Promise<{ found: Found[]; failures: CommandError[] }> {
  const found: Found[] = [];
  const failures: CommandError[] = [];
  for (const target of targets) {
    try {
      const answer = await askObjects(questionOf(call, target, 'yaml'), askingOf(call));
      found.push(...answer.objects.map((object) => ({ target, object })));
      failures.push(...answer.failures);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(error);
    }
  }
  return { found, failures };
}

/** `describe pod web` describes every pod whose name begins so, where none is called so. */
async function byPrefix(call: Call, notFound: CommandError, type: string, prefix: string): Promise<Outcome> {
  const resource = oneType(type, await call.reader.resources());
  const target = { resource, names: [] };
  const { found } = await find(call, [target]);
  const matching = found.filter(({ object }) => textAt(object, 'metadata', 'name').startsWith(prefix));
  if (matching.length === 0) throw notFound;
  const { flags } = call.invocation;
  const withEvents = flags.is('show-events');
  const texts = await Promise.all(matching.map((one) => describeOne(call, one, withEvents)));
  const text = texts.map((one) => `${one}\n`).join('');
  return outcome({ kind: 'text', text }, () => text, call.reader.warnings);
}

async function describeOne(call: Call, { target, object }: Found, withEvents: boolean): Promise<string> {
  const text = new DescribeText();
  await describerOf(target.resource)(object, aroundOf(call, withEvents), text);
  return String(text);
}

function aroundOf(call: Call, withEvents: boolean): Around {
  const { reader } = call;
  const list = async (path: string, query: string): Promise<readonly Json[]> => {
    try {
      return itemsOf(await reader.json(path, query));
    } catch (error) {
      // What belongs to the object may be another's to read: the object is described without it.
      if (error instanceof CommandError && ['cluster.forbidden', 'cluster.not-found'].includes(error.failure.code))
        return [];
      throw error;
    }
  };
  return {
    reader,
    now: call.now(),
    list,
    events: async (about) => (withEvents ? list(eventsPath(about), eventsQuery(about)) : null),
  };
}

/** Events of cluster-wide objects are kept in namespace default, but asked for everywhere. */
function eventsPath({ namespace }: EventsAbout): string {
  return namespace === '' ? '/api/v1/events' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
}

function eventsQuery({ name, namespace, kind, uid }: EventsAbout): string {
  const selector = [
    `involvedObject.name=${name}`,
    `involvedObject.namespace=${namespace}`,
    ...(kind === null ? [] : [`involvedObject.kind=${kind}`]),
    ...(uid === '' ? [] : [`involvedObject.uid=${uid}`]),
  ].join(',');
  return `fieldSelector=${encodeURIComponent(selector)}`;
}
