import type { Container, LabelSelector, Manifest } from '../kinds.ts';
import { since } from './age.ts';

/** A Table cell: what JSON can hold; numbers stay numbers. */
export type Cell = string | number | boolean | null;

/** The condition that marks a finished pod's row, as the real server writes it. */
export interface RowCondition {
  type: 'Completed';
  status: 'True';
  reason: string;
  message: string;
}

export interface Row {
  cells: Cell[];
  conditions?: RowCondition[];
}

/** Prints one object of one kind; `now` is epoch milliseconds. */
export type Printer = (object: Manifest, now: number) => Cell[];

export function age(object: Manifest, now: number): string {
  return since(object.metadata.creationTimestamp, now);
}

/** Labels as `a=b,c=d`, sorted, `<none>` where empty. */
export function labelText(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {});
  if (pairs.length === 0) return '<none>';
  return pairs
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/** A label selector as kubectl writes it: `app=web,tier in (a,b),!legacy`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const terms = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    const list = `(${[...(values ?? [])].sort().join(',')})`;
    const texts: Record<string, string> = {
      In: `${key} in ${list}`,
      NotIn: `${key} notin ${list}`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    terms.push({ key, text: texts[operator] ?? '<error>' });
  }
  if (terms.length === 0) return '<none>';
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((term) => term.text)
    .join(',');
}

/** Container names and images, each joined by commas: the two wide cells of every workload. */
export function containerCells(containers: Container[] | undefined): [string, string] {
  const list = containers ?? [];
  return [list.map((container) => container.name).join(','), list.map((container) => container.image ?? '').join(',')];
}

/** The first three of a list and how many more there are; `empty` where the list is. */
export function firstThree(list: string[], empty: string): string {
  if (list.length === 0) return empty;
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${String(list.length - 3)} more...` : shown;
}

/** One of Kubernetes' booleans in words. */
export function boolText(value: boolean | undefined): string {
  return value === undefined ? '<unset>' : value ? 'True' : 'False';
}
