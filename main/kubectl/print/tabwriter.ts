/** Elastic tab stops, as Go's text/tabwriter lays out what kubectl prints: columns end at tabs, blocks at shorter lines. */

export interface TabStops {
  readonly minWidth: number;
  readonly padding: number;
}

/** kubectl's tables. */
export const tableStops: TabStops = { minWidth: 6, padding: 3 };
/** kubectl's descriptions. */
export const describeStops: TabStops = { minWidth: 0, padding: 2 };

/** Lays out text whose cells end with tabs and whose lines end with newlines. */
export function alignTabs(text: string, stops: TabStops): string {
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n').map((line) => line.split('\t'));
  const aligned = alignCells(lines, stops);
  return ended ? aligned : aligned.slice(0, -1);
}

/** The same for cells that are split already; the last cell of a line is never padded. Ends with a newline. */
export function alignCells(lines: readonly (readonly string[])[], { minWidth, padding }: TabStops): string {
  const out: string[] = [];
  const widths: number[] = [];

  const write = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      (lines[at] ?? []).forEach((cell, column) => {
        out.push(cell);
        const width = widths[column];
        if (width !== undefined) out.push(' '.repeat(Math.max(0, width - widthOf(cell))));
      });
      out.push('\n');
    }
  };
  const format = (from: number, to: number): void => {
    const column = widths.length;
    let start = from;
    for (let at = from; at < to; at += 1) {
      if (column >= (lines[at]?.length ?? 0) - 1) continue;
      write(start, at);
      start = at;
      let width = minWidth;
      for (; at < to; at += 1) {
        const line = lines[at] ?? [];
        if (column >= line.length - 1) break;
        width = Math.max(width, widthOf(line[column] ?? '') + padding);
      }
      widths.push(width);
      format(start, at);
      widths.pop();
      start = at;
    }
    write(start, to);
  };
  format(0, lines.length);
  return out.join('');
}

function widthOf(text: string): number {
  // Characters outside the first plane are two units and one rune.
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}
