import type { CommandResult, ResultBody } from '../../shared/commands.ts';

/** Bytes of JSON of one kept result's body; 5,000 pod rows are about 1.5 MB. */
const largest = 900_000;

/**
 * A result as a conversation keeps it. One that is larger than that keeps its beginning (logs: their end), and a note
 * says how much is there; what does not end (a follow) is kept as ended.
 */
export function keptResult(result: CommandResult): CommandResult {
  const { body } = result;
  const notes = fitting(result.notes, largest / 20);
  if (sizeOf(body) <= largest) return { ...result, following: false, notes };
  const trimmed = trim(body);
  return {
    ...result,
    following: false,
    body: trimmed.body,
    notes: [...notes, `Kept here: ${trimmed.kept}. Run it again for all of it.`],
  };
}

interface Trimmed {
  readonly body: ResultBody;
  readonly kept: string;
}

function trim(body: ResultBody): Trimmed {
  switch (body.kind) {
    case 'tables': {
      let left = largest;
      const tables = body.tables.map((table) => {
        const kept = fitting(table.rows, left - sizeOf(table.columns));
        left -= sizeOf(table.columns) + sizeOf(kept);
        return { ...table, rows: kept };
      });
      return { body: { ...body, tables }, kept: `the first ${rowsOf(tables)} of ${rowsOf(body.tables)} rows` };
    }
    case 'logs': {
      const lines = fitting(body.lines.toReversed(), largest).toReversed();
      return {
        body: { ...body, lines, truncated: true },
        kept: `the last ${String(lines.length)} of ${String(body.lines.length)} lines`,
      };
    }
    case 'document':
    case 'text': {
      // Cut by quarters, for how many bytes a character takes in JSON differs.
      let text = body.text;
      while (sizeOf(text) > largest) text = wholeLines(text.slice(0, Math.floor(text.length * 0.75)));
      return {
        body: { ...body, text },
        kept: `the first ${String(text.length)} of ${String(body.text.length)} characters`,
      };
    }
    case 'change':
    case 'nothing':
      return { body, kept: 'everything' };
    default:
      return body satisfies never;
  }
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** As many from the beginning as fit into `bytes` of JSON. */
function fitting<T>(list: readonly T[], bytes: number): T[] {
  let used = 2;
  const end = list.findIndex((one) => (used += sizeOf(one) + 1) > bytes);
  return end === -1 ? [...list] : list.slice(0, end);
}

function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n');
  return end > 0 ? text.slice(0, end + 1) : text;
}

function rowsOf(tables: readonly { readonly rows: readonly unknown[] }[]): string {
  return String(tables.reduce((sum, table) => sum + table.rows.length, 0));
}
