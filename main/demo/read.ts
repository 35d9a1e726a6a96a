/** GET of an object and of a list: selectors, pages, resourceVersion, and the forms of the answer. */
import { toVersion } from './convert.ts';
import type { Call, Cluster } from './context.ts';
import { ApiError, badRequest, expired, invalid, notFound } from './errors.ts';
import type { Cause } from './errors.ts';
import { listText, objectText, partial, partialList, table } from './form.ts';
import type { IncludeObject, ListMetadata } from './form.ts';
import type { Manifest } from './kinds.ts';
import { negotiateObject } from './negotiation.ts';
import type { Query } from './query.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Match } from './selectors.ts';

/** How long a read waits for a resourceVersion that is not reached, before 504. */
const futureWaitMs = 3000;

/** @throws ApiError 400 for a selector that cannot be understood. */
export function parseSelectors(query: Query, storage: string): Match {
  const byLabel = parseLabelSelector(query.get('labelSelector'));
  const byField = parseFieldSelector(query.get('fieldSelector'), storage);
  return (object) => byLabel(object) && byField(object);
}

/** Options of list and watch that exclude each other. @throws ApiError 400, 422. */
export function checkListOptions(query: Query, isWatch: boolean): void {
  for (const number of ['limit', 'timeoutSeconds']) {
    const text = query.get(number);
    if (text && !/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  const causes: Cause[] = [];
  const forbid = (field: string, why: string): void => {
    causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field });
  };
  const match = query.get('resourceVersionMatch');
  const version = query.get('resourceVersion');
  const sendsInitial = query.has('sendInitialEvents');
  if (sendsInitial && !isWatch) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  else if (sendsInitial && match !== 'NotOlderThan') {
    forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  } else if (isWatch && match && !sendsInitial) {
    forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  } else if (match && !isWatch && !version) {
    forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  } else if (match === 'Exact' && version === '0') {
    forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  } else if (match && query.has('continue')) {
    forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  } else if (match && match !== 'Exact' && match !== 'NotOlderThan') {
    const message = `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' });
  }
  if (causes.length) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes);
  if (version && !/^\d+$/.test(version)) {
    const why = `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`;
    throw isWatch ? new ApiError(500, '', why) : badRequest(`invalid resource version: ${why}`);
  }
}

/** `includeObject` of a Table. @throws ApiError 400. */
export function includeObject(query: Query): IncludeObject {
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') return include;
  const why = `Invalid value: "${include}": must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
}

/** An object as the answer to any single-object request. */
export function answerObject(cluster: Cluster, call: Call, code: number, stored: Manifest): void {
  const { definition, answer, headers } = call;
  const { format, shape } = negotiateObject(headers.accept);
  const object = toVersion(definition, stored);
  if (shape === 'Table') {
    const { resourceVersion } = object.metadata;
    const metadata = resourceVersion ? { resourceVersion } : {};
    answer.object(
      code,
      table(definition, metadata, [object], { include: includeObject(call.query), now: cluster.store.now() }),
      format,
    );
  } else if (shape === 'PartialObjectMetadata') {
    answer.object(code, partial(object), format);
  } else if (format === 'yaml') {
    answer.object(code, JSON.parse(objectText(definition, object)), format);
  } else {
    answer.text(code, objectText(definition, object), 'application/json');
  }
}

export async function getObject(cluster: Cluster, call: Call): Promise<void> {
  const { definition, path, query } = call;
  negotiateObject(call.headers.accept, false);
  checkListOptions(query, false);
  await reachVersion(cluster, query);
  const computed = cluster.computed.get(definition.storage);
  const found = computed
    ? computed.get(path.namespace, path.name)
    : cluster.store.get(definition.storage, path.namespace, path.name);
  if (!found && computed) {
    // metrics-server names the resource without its group, and a node in the singular.
    throw notFound({ group: '', plural: definition.plural === 'nodes' ? 'node' : definition.plural }, path.name);
  }
  if (!found) throw notFound(definition, path.name);
  answerObject(cluster, call, 200, found);
}

/** Waits for a resourceVersion ahead of the store, then gives up. @throws ApiError 504. */
async function reachVersion({ store }: Cluster, query: Query): Promise<void> {
  const wanted = Number(query.get('resourceVersion') || 0);
  if (wanted <= store.resourceVersion) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, futureWaitMs);
    const unsubscribe = store.subscribe(() => {
      if (store.resourceVersion >= wanted) finish();
    });
    function finish(): void {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    }
  });
  if (wanted <= store.resourceVersion) return;
  const message = `Timeout: Too large resource version: ${String(wanted)}, current: ${String(store.resourceVersion)}`;
  throw new ApiError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

interface ContinueToken {
  v: string;
  rv: number;
  start: string;
}

function encodeContinue(resourceVersion: number, last: Manifest, namespace: string): string {
  const { name } = last.metadata;
  const key = namespace || !last.metadata.namespace ? name : `${last.metadata.namespace}/${name}`;
  const token: ContinueToken = { v: 'meta.k8s.io/v1', rv: resourceVersion, start: `/${key}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeContinue(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as ContinueToken;
    if (token.v === 'meta.k8s.io/v1' && typeof token.rv === 'number' && token.start.startsWith('/')) return token;
  } catch {
    // Falls through: whatever is not a token answers alike.
  }
  const first = Buffer.from(text, 'base64url')[0] ?? 0;
  const character = first > 0x7e ? `\\u${first.toString(16).padStart(4, '0')}` : String.fromCharCode(first);
  throw badRequest(
    `invalid continue token: continue key is not valid: invalid character '${character}' looking for beginning of value`,
  );
}

/** The objects that a list request selects, of one moment. */
export interface Listed {
  objects: Manifest[];
  metadata: ListMetadata;
}

/** @throws ApiError 400, 410, 422, 504. */
export async function selectObjects(cluster: Cluster, call: Call): Promise<Listed> {
  const { definition, path, query } = call;
  const { store } = cluster;
  checkListOptions(query, false);
  const matches = parseSelectors(query, definition.storage);
  const token = query.get('continue') ? decodeContinue(query.get('continue')) : null;
  if (token && query.get('resourceVersion') && query.get('resourceVersion') !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  await reachVersion(cluster, query);
  const computed = cluster.computed.get(definition.storage);
  if (computed) return { objects: computed.list(path.namespace).filter(matches), metadata: {} };

  const isExact = query.get('resourceVersionMatch') === 'Exact';
  const wanted =
    token && token.rv >= 0 ? token.rv : isExact ? Number(query.get('resourceVersion')) : store.resourceVersion;
  let objects = store.listAt(definition.storage, path.namespace, wanted);
  if (!objects && token) throw expiredToken(store.resourceVersion, token);
  if (!objects) throw expired('The resourceVersion for the provided list is too old.');
  objects = objects.filter(matches);
  if (token) {
    const start = token.start.slice(1);
    const key = (object: Manifest): string =>
      path.namespace || !object.metadata.namespace
        ? object.metadata.name
        : `${object.metadata.namespace}/${object.metadata.name}`;
    objects = objects.filter((object) => `${key(object)}\u0000` > start);
  }
  const metadata: ListMetadata = { resourceVersion: String(wanted) };
  const limit = Number(query.get('limit') || 0);
  const last = limit > 0 && objects.length > limit ? objects[limit - 1] : undefined;
  if (last) {
    const rest = objects.length - limit;
    metadata.continue = encodeContinue(wanted, last, path.namespace);
    if (!query.get('labelSelector') && !query.get('fieldSelector')) metadata.remainingItemCount = rest;
    objects = objects.slice(0, limit);
  }
  return { objects, metadata };
}

function expiredToken(resourceVersion: number, token: ContinueToken): ApiError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  const fresh: ContinueToken = { ...token, rv: -1 };
  error.status.metadata = {
    resourceVersion: String(resourceVersion),
    continue: Buffer.from(JSON.stringify(fresh)).toString('base64url'),
  };
  return error;
}

/** A list in the negotiated form. */
export function answerList(cluster: Cluster, call: Call, listed: Listed): void {
  const { definition, answer, headers } = call;
  const { format, shape } = negotiateObject(headers.accept);
  const objects = listed.objects.map((object) => toVersion(definition, object));
  if (shape === 'Table') {
    const options = { include: includeObject(call.query), now: cluster.store.now() };
    answer.object(200, table(definition, listed.metadata, objects, options), format);
  } else if (shape === 'PartialObjectMetadataList') {
    answer.object(200, partialList(listed.metadata, objects), format);
  } else if (format === 'yaml') {
    answer.object(200, JSON.parse(listText(definition, listed.metadata, objects)), format);
  } else {
    answer.text(200, listText(definition, listed.metadata, objects), 'application/json');
  }
}

export async function listObjects(cluster: Cluster, call: Call): Promise<void> {
  negotiateObject(call.headers.accept);
  answerList(cluster, call, await selectObjects(cluster, call));
}
