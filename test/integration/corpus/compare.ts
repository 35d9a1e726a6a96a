import type { Case } from './case.ts';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What is different, in a sentence; null where nothing is. */
export function difference(one: Case, kubectl: Answer, ours: Answer): string | null {
  if (kubectl.code !== ours.code)
    return `exit code ${String(ours.code)}, kubectl's is ${String(kubectl.code)}: ${ours.stderr}`;
  const said = differenceOfStderr(kubectl.stderr, ours.stderr);
  if (said !== null) return said;
  const same = one.same ?? 'bytes';
  if (same === 'bytes') return firstDifference(kubectl.stdout, ours.stdout);
  const split = (text: string): string[] => (same === 'words' ? text.split(/\s+/) : text.split('\n')).map(collapsed);
  const [wanted, got] = [split(kubectl.stdout), split(ours.stdout)];
  if (same !== 'cells') {
    wanted.sort(byTextWithoutAges);
    got.sort(byTextWithoutAges);
  }
  if (wanted.length !== got.length) return `${String(got.length)} lines, kubectl has ${String(wanted.length)}`;
  const at = wanted.findIndex((line, index) => !sameCells(line, got[index] ?? ''));
  return at < 0 ? null : `line ${String(at + 1)} is '${got[at] ?? ''}', kubectl's '${wanted[at] ?? ''}'`;
}

/** Notes are compared whole, errors by their first line: what kubectl adds below is for debugging it. */
function differenceOfStderr(kubectl: string, ours: string): string | null {
  const [wanted, got] = [kubectl, ours].map((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.replace(/^Error:/, 'error:').trim()),
  );
  const isError = /^(error|Error from server)/.test(wanted?.[0] ?? '');
  const [a, b] = isError ? [wanted?.[0], got?.[0]] : [wanted?.join('\n'), got?.join('\n')];
  return a === b ? null : `stderr is '${b ?? ''}', kubectl's '${a ?? ''}'`;
}

function firstDifference(kubectl: string, ours: string): string | null {
  if (kubectl === ours) return null;
  const [wanted, got] = [kubectl.split('\n'), ours.split('\n')];
  const at = Math.max(
    0,
    wanted.findIndex((line, index) => line !== got[index]),
  );
  return `line ${String(at + 1)} is ${JSON.stringify(got[at] ?? '')}, kubectl's ${JSON.stringify(wanted[at] ?? '')}`;
}

const age = /(?<![\w.:/-])(\d+[smhdy])+(?![\w.:/-])/g;

function byTextWithoutAges(a: string, b: string): number {
  const [left, right] = [a.replace(age, ''), b.replace(age, '')];
  return left < right ? -1 : left > right ? 1 : 0;
}

function collapsed(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

function sameCells(wanted: string, got: string): boolean {
  if (wanted === got) return true;
  if (wanted.replace(age, 'AGE') !== got.replace(age, 'AGE')) return false;
  const [left, right] = [wanted.match(age) ?? [], got.match(age) ?? []];
  return left.every(
    (one, at) =>
      Math.abs(seconds(one) - seconds(right[at] ?? '')) <= Math.max(lastUnit(one), lastUnit(right[at] ?? '')) + 1,
  );
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };

function seconds(text: string): number {
  return [...text.matchAll(/(\d+)([smhdy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? 's'] ?? 0),
    0,
  );
}

function lastUnit(text: string): number {
  return unitSeconds[text.at(-1) ?? 's'] ?? 1;
}
