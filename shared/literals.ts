import { z } from 'zod';
import { channels, events } from './contract.ts';

let literals: ReadonlySet<string> | null = null;

/** Whether this is a fixed word that an answer or an event may have as a whole value: a kind, a state, a code. */
export function isLiteral(text: string): boolean {
  // Some 20 ms, and hardly ever asked.
  literals ??= contractLiterals();
  return literals.has(text);
}

function contractLiterals(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const schema of [...Object.values(channels).map(({ output }) => output), ...Object.values(events)]) {
    collect(z.toJSONSchema(schema, { unrepresentable: 'any' }), found);
  }
  return found;
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'const' || key === 'enum') {
      for (const word of [value].flat() as unknown[]) if (typeof word === 'string') found.add(word);
    } else collect(value, found);
  }
}
