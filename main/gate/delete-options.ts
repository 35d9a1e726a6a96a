import { isLosslessNumber } from 'lossless-json';
import { isFields, readJson, readYaml, type Value } from './body.ts';
import { bytesOf, readFields, readUnknown, textOf, type Field } from './protobuf.ts';
import { valueOf, type Query } from './query.ts';
import { badRequest } from './refusal.ts';

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** DeleteOptions with nothing in it that the gate does not know. A dry run the client asked for is not kept. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: Preconditions;
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
}

const policies = new Set(['Orphan', 'Background', 'Foreground']);

/**
 * Reads a DELETE's options. A body, any body, makes the API server ignore the query, so both are read here and only a
 * body goes on. Throws Refusal 400 or 415 for what cannot be read whole.
 */
export function readDeleteOptions(contentType: string | null, body: Buffer, query: Query): DeleteOptions {
  const inBody = body.length === 0 ? {} : fromBody(contentType, body);
  const inQuery = fromQuery(query, body.length === 0);
  return { ...inQuery, ...inBody };
}

/** The body that goes to the API server: strict JSON, nothing in the query. */
export function deleteBody(options: DeleteOptions, guard: Preconditions | null, dryRun: boolean): string {
  const preconditions = { ...guard, ...options.preconditions };
  return JSON.stringify({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...options,
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
  });
}

/** Options that stand inside another object (an Eviction). */
export function readOptionsValue(value: Value): DeleteOptions {
  if (value === null || value === undefined) return {};
  if (!isFields(value)) throw badRequest('The delete options are not an object.');
  const {
    kind,
    apiVersion,
    dryRun,
    gracePeriodSeconds,
    preconditions,
    orphanDependents,
    propagationPolicy,
    ...unknown
  } = value;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) throw badRequest(`The delete option "${stranger.slice(0, 60)}" is not known.`);
  if (kind !== undefined && kind !== '' && kind !== 'DeleteOptions')
    throw badRequest('The body of a DELETE must be DeleteOptions.');
  if (apiVersion !== undefined && typeof apiVersion !== 'string') throw badRequest('apiVersion is not text.');
  checkDryRun(dryRun);
  return {
    ...present('gracePeriodSeconds', secondsOf(gracePeriodSeconds)),
    ...present('preconditions', preconditionsOf(preconditions)),
    ...present('orphanDependents', booleanOf(orphanDependents)),
    ...present('propagationPolicy', policyOf(propagationPolicy)),
  };
}

function fromBody(contentType: string | null, body: Buffer): DeleteOptions {
  if (contentType === 'application/vnd.kubernetes.protobuf') return fromProtobuf(body);
  if (contentType === 'application/yaml') return readOptionsValue(readYaml(body));
  if (contentType === null || contentType === 'application/json') return readOptionsValue(readJson(body));
  throw badRequest(`A DELETE does not take a body of the type ${contentType}.`);
}

function fromQuery(query: Query, alone: boolean): DeleteOptions {
  const seconds = valueOf(query, 'gracePeriodSeconds');
  const orphan = valueOf(query, 'orphanDependents');
  const version = alone ? valueOf(query, 'resourceVersion') : null;
  if (seconds !== null && !/^\d{1,9}$/.test(seconds))
    throw badRequest('gracePeriodSeconds is not a number of seconds.');
  if (orphan !== null && orphan !== 'true' && orphan !== 'false')
    throw badRequest('orphanDependents is neither true nor false.');
  return {
    ...present('gracePeriodSeconds', seconds === null ? undefined : Number(seconds)),
    ...present('orphanDependents', orphan === null ? undefined : orphan === 'true'),
    ...present('propagationPolicy', policyOf(valueOf(query, 'propagationPolicy') ?? undefined)),
    ...present('preconditions', version === null || version === '' ? undefined : { resourceVersion: version }),
  };
}

/** Fields: 1 grace, 2 preconditions{1 uid, 2 resourceVersion}, 3 orphan, 4 policy, 5 dryRun. Any other is refused. */
function fromProtobuf(body: Buffer): DeleteOptions {
  const { kind, raw } = readUnknown(body);
  if (kind !== 'DeleteOptions') throw badRequest('The body of a DELETE must be DeleteOptions.');
  const fields = readFields(raw);
  const stranger = fields.find(({ number }) => number > 5);
  if (stranger !== undefined) throw badRequest(`The delete option number ${String(stranger.number)} is not known.`);
  const inner = bytesOf(fields, 2);
  const conditions = inner === null ? [] : readFields(inner);
  if (conditions.some(({ number }) => number > 2)) throw badRequest('The preconditions hold an unknown field.');
  const seconds = numberOf(fields, 1);
  const orphan = numberOf(fields, 3);
  return {
    ...present('gracePeriodSeconds', seconds === undefined ? undefined : Number(BigInt.asIntN(64, seconds))),
    ...present(
      'preconditions',
      preconditionsOf({ uid: textOf(conditions, 1), resourceVersion: textOf(conditions, 2) }),
    ),
    ...present('orphanDependents', orphan === undefined ? undefined : orphan !== 0n),
    ...present('propagationPolicy', policyOf(textOf(fields, 4))),
  };
}

function numberOf(fields: readonly Field[], number: number): bigint | undefined {
  const found = fields.findLast((field) => field.number === number);
  return found?.kind === 'varint' ? found.value : undefined;
}

function preconditionsOf(value: Value): Preconditions | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw badRequest('The preconditions are not an object.');
  const { uid, resourceVersion, ...unknown } = value;
  if (Object.keys(unknown).length > 0) throw badRequest('The preconditions hold an unknown key.');
  const found = {
    ...present('uid', textOrNothing(uid)),
    ...present('resourceVersion', textOrNothing(resourceVersion)),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function textOrNothing(value: Value): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw badRequest('A precondition is not text.');
  return value;
}

function secondsOf(value: Value): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isLosslessNumber(value) || !/^-?\d{1,9}$/.test(value.value))
    throw badRequest('gracePeriodSeconds is not a number of seconds.');
  return Number(value.value);
}

function booleanOf(value: Value): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw badRequest('orphanDependents is neither true nor false.');
  return value;
}

function policyOf(value: Value): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || !policies.has(value))
    throw badRequest('propagationPolicy is none of Orphan, Background, Foreground.');
  return value;
}

function checkDryRun(value: Value): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || value.some((one) => one !== 'All')) throw badRequest('dryRun may only be ["All"].');
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
