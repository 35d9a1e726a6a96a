/** The text between '{' and the matching end, or the lines under a YAML key, in a few words: 'name: checkout, 5 labels, 28 lines'. */
export function foldSummary(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const count = `${String(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}`;
  const depth = Math.min(...lines.map(indentOf));
  const parts: { key: string; text: string }[] = [];
  for (const [index, line] of lines.entries()) {
    if (indentOf(line) !== depth || line.trimStart().startsWith('- ')) continue;
    const pair = /^\s*"?([\w./-]+)"?:\s*(.*?),?$/.exec(line);
    if (pair === null) continue;
    const [, key = '', value = ''] = pair;
    if (/^[^{["'|>&*][^{[]{0,40}$/.test(value) || /^"[^"]{1,40}"$/.test(value))
      parts.push({ key, text: `${key}: ${value}` });
    else if (value === '') parts.push({ key, text: countOf(childrenOf(lines, index), key) });
  }
  const rank = ({ key }: { key: string }) => (telling.includes(key) ? telling.indexOf(key) : telling.length);
  const told = parts.sort((one, other) => rank(one) - rank(other)).slice(0, 3);
  return [...told.map(({ text: words }) => words), count].join(', ');
}

/** What tells one object from another comes first. */
const telling = ['name', 'namespace', 'replicas', 'readyReplicas', 'phase', 'labels', 'annotations'];

const countOf = (count: number, key: string): string => `${String(count)} ${count === 1 ? key.replace(/s$/, '') : key}`;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Entries directly under the line at `index`: keys deeper than it, or list items at its own depth (YAML allows both). */
function childrenOf(lines: readonly string[], index: number): number {
  const own = indentOf(lines[index] ?? '');
  const next = lines[index + 1] ?? '';
  const isList = next.trimStart().startsWith('- ');
  const depth = indentOf(next);
  if (depth < own || (depth === own && !isList)) return 0;
  let count = 0;
  for (const line of lines.slice(index + 1)) {
    const indent = indentOf(line);
    if (indent < depth || (indent === own && !line.trimStart().startsWith('- '))) break;
    if (indent === depth && (!isList || line.trimStart().startsWith('- '))) count++;
  }
  return count;
}
