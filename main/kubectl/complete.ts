import type { Contexts } from './call.ts';
import type { Reader } from './reader.ts';

export interface CompleteParts {
  readonly contexts: Contexts;
  readonly open: (context: string | undefined) => { readonly reader: Reader; readonly namespace: string };
}

export interface CompleteInput {
  readonly line: string;
  readonly cursor: number;
}

export interface Candidate {
  readonly text: string;
  readonly label: string;
  readonly detail: string;
}

/** What can stand at the cursor. */
export async function complete(
  { cursor }: CompleteInput,
  _parts: CompleteParts,
): Promise<{ from: number; candidates: Candidate[] }> {
  return { from: cursor, candidates: [] };
}
