/** One flag of a verb, and short ways to write one down. */

export type FlagKind = 'boolean' | 'string' | 'integer' | 'duration' | 'list';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** The value where the flag stands without one. */
  readonly bare?: string;
  /** Values to offer in completion. */
  readonly values?: readonly string[];
  readonly about: string;
}

export const on = (name: string, about: string, short?: string): FlagSpec => ({
  name,
  kind: 'boolean',
  bare: 'true',
  about,
  ...(short === undefined ? {} : { short }),
});
export const text = (name: string, about: string, short?: string, values?: readonly string[]): FlagSpec => ({
  name,
  kind: 'string',
  about,
  ...(short === undefined ? {} : { short }),
  ...(values === undefined ? {} : { values }),
});
export const integer = (name: string, about: string): FlagSpec => ({ name, kind: 'integer', about });
export const duration = (name: string, about: string): FlagSpec => ({ name, kind: 'duration', about });
export const list = (name: string, about: string, short?: string): FlagSpec => ({
  name,
  kind: 'list',
  about,
  ...(short === undefined ? {} : { short }),
});
