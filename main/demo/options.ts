/** Options of a write, from its query (and, for DELETE, from its body), checked as the real server checks them. */
import { badRequest, invalid } from './errors.ts';
import type { ApiError, Cause } from './errors.ts';
import type { Query } from './query.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  isDryRun: boolean;
  fieldManager: string;
  fieldValidation: FieldValidation;
  force: boolean;
}

function unsupportedDryRun(values: string[]): Cause {
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
    field: 'dryRun',
  };
}

/** True for a dry run. @throws ApiError 422 for any value but `All`. */
export function checkDryRun(values: string[], kind: string): boolean {
  if (values.some((value) => value !== 'All')) {
    throw invalid({ group: 'meta.k8s.io', kind }, '', [unsupportedDryRun(values)]);
  }
  return values.length > 0;
}

/** The manager that a client is by default: the first word of its User-Agent. */
function managerOf(userAgent: string | undefined): string {
  return (userAgent ?? '').split('/')[0] || 'unknown';
}

/** @throws ApiError 422, naming `kind` (CreateOptions, UpdateOptions, PatchOptions). */
export function writeOptions(query: Query, kind: string, userAgent: string | undefined, isApply = false): WriteOptions {
  const causes: Cause[] = [];
  const dryRun = query.all('dryRun');
  if (dryRun.some((value) => value !== 'All')) causes.push(unsupportedDryRun(dryRun));
  const fieldManager = query.get('fieldManager');
  if (isApply && !fieldManager) {
    causes.push({
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    });
  }
  const isForced = query.flag('force');
  if (query.has('force') && !isApply && kind === 'PatchOptions') {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: may not be specified for non-apply patch',
      field: 'force',
    });
  }
  const validation = query.get('fieldValidation');
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    const message = `Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: 'fieldValidation' });
  }
  if (causes.length) throw invalid({ group: 'meta.k8s.io', kind }, '', causes);
  return {
    isDryRun: dryRun.length > 0,
    fieldManager: fieldManager || managerOf(userAgent),
    fieldValidation: (validation || 'Warn') as FieldValidation,
    force: isForced,
  };
}

export interface DeleteOptions {
  isDryRun: boolean;
  gracePeriodSeconds?: number;
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  preconditions: { uid?: string; resourceVersion?: string };
}

interface RawDeleteOptions {
  kind?: unknown;
  dryRun?: unknown;
  gracePeriodSeconds?: unknown;
  propagationPolicy?: unknown;
  orphanDependents?: unknown;
  preconditions?: { uid?: string; resourceVersion?: string } | null;
}

/** A body, where there is one, replaces the query altogether. @throws ApiError 400, 422. */
export function deleteOptions(query: Query, body: RawDeleteOptions | undefined): DeleteOptions {
  const raw = body ?? fromQuery(query);
  const dryRun = raw.dryRun ?? [];
  if (!Array.isArray(dryRun)) throw cannotUnmarshal(typeof dryRun, 'dryRun', '[]string');
  const isDryRun = checkDryRun(dryRun as string[], 'DeleteOptions');
  const { propagationPolicy: policy, orphanDependents, gracePeriodSeconds } = raw;
  const causes: Cause[] = [];
  if (policy && orphanDependents !== undefined && orphanDependents !== null) {
    const message =
      'Invalid value: "' + String(policy as string) + '": orphanDependents and deletionPropagation cannot be both set';
    causes.push({ reason: 'FieldValueInvalid', message, field: 'propagationPolicy' });
  } else if (policy && !['Background', 'Foreground', 'Orphan'].includes(policy as string)) {
    const message = `Unsupported value: "${String(policy as string)}": supported values: "Foreground", "Background", "Orphan", "nil"`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' });
  }
  if (causes.length) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes);
  const propagation = (policy ||
    (orphanDependents === true
      ? 'Orphan'
      : orphanDependents === false
        ? 'Background'
        : undefined)) as DeleteOptions['propagation'];
  return {
    isDryRun,
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds: Math.max(0, gracePeriodSeconds) } : {}),
    ...(propagation ? { propagation } : {}),
    preconditions: raw.preconditions ?? {},
  };
}

function fromQuery(query: Query): RawDeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const version = query.get('resourceVersion');
  return {
    dryRun: query.all('dryRun'),
    ...(grace ? { gracePeriodSeconds: Number(grace) } : {}),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: query.flag('orphanDependents') } : {}),
    ...(version ? { preconditions: { resourceVersion: version } } : {}),
  };
}

function cannotUnmarshal(from: string, field: string, to: string): ApiError {
  return badRequest(`json: cannot unmarshal ${from} into Go struct field DeleteOptions.${field} of type ${to}`);
}
