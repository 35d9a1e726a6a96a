import type { Failure } from '../shared/errors.ts';

/**
 * What was read from elsewhere, as three facts that do not exclude each other: what is had and since when, whether it is being
 * asked for, and what went wrong last. So a failing read leaves the old value, with its age, beside the reason.
 */
export interface Remote<T> {
  readonly data: { readonly value: T; readonly at: number } | null;
  readonly busy: boolean;
  readonly failure: Failure | null;
}

export const nothingYet: Remote<never> = { data: null, busy: false, failure: null };

export function asked<T>(remote: Remote<T>): Remote<T> {
  return { ...remote, busy: true };
}

/** `at`: epoch ms of the reading. A value clears the last failure. */
export function answered<T>(value: T, at: number): Remote<T> {
  return { data: { value, at }, busy: false, failure: null };
}

/** Keeps what was had. */
export function failed<T>(remote: Remote<T>, failure: Failure): Remote<T> {
  return { data: remote.data, busy: false, failure };
}
