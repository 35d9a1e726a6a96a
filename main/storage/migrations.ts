import { first } from './migrations/0001-first.ts';

/** One step of the schema. Never edited once released: a later one alters what it made. */
export interface Migration {
  /** Counts from 1 without a gap; becomes `user_version`. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [first];
