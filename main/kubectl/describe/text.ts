/** The text of one description while it is written: indented lines whose tabs become columns, as kubectl aligns them. */
import { isObject, type Json } from '../exact-json.ts';
import { sortedKeys } from '../print/json.ts';
import { alignTabs, describeStops } from '../print/tabwriter.ts';

/** Longer annotations stand on lines of their own, cut at this length. */
const longestAnnotation = 140;
const hiddenAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

export class DescribeText {
  readonly #segments: string[] = [];
  #open = '';

  /** Adds text at an indent of two spaces per level. `\t` ends a column, `\n` a line. */
  write(level: number, text: string): this {
    this.#open += '  '.repeat(level) + text;
    return this;
  }

  /** `title:\tvalue` as a line. */
  field(level: number, title: string, value: Json | undefined): this {
    return this.write(level, `${title}:\t${shown(value)}\n`);
  }

  /** What comes after is aligned by itself. */
  flush(): void {
    this.#segments.push(this.#open);
    this.#open = '';
  }

  /** `title:\ta=1\n\tb=2`, or `<none>`. */
  labels(title: string, labels: Json | undefined, indent = ''): this {
    const keys = isObject(labels) ? sortedKeys(labels) : [];
    if (keys.length === 0) return this.write(0, `${indent}${title}:\t<none>\n`);
    const lines = keys.map((key) => `${key}=${shown((labels as Record<string, Json>)[key])}\n`);
    return this.write(0, `${indent}${title}:\t${lines.join(`${indent}\t`)}`);
  }

  annotations(title: string, annotations: Json | undefined): this {
    const keys = isObject(annotations) ? sortedKeys(annotations).filter((key) => key !== hiddenAnnotation) : [];
    if (keys.length === 0) return this.write(0, `${title}:\t<none>\n`);
    const lines = keys.map((key) => {
      const value = shown((annotations as Record<string, Json>)[key]).replace(/\n$/, '');
      const isLong = Buffer.byteLength(value) + Buffer.byteLength(key) + 2 > longestAnnotation || value.includes('\n');
      if (!isLong) return `${key}: ${value}\n`;
      return `${key}:\n${value
        .split('\n')
        .map((line) => `\t  ${shortened(line, longestAnnotation - 2)}\n`)
        .join('')}`;
    });
    return this.write(0, `${title}:\t${lines.join('\t')}`);
  }

  toString(): string {
    return [...this.#segments, this.#open]
      .map((segment) => (segment === '' ? '' : alignTabs(segment, describeStops)))
      .join('');
  }
}

export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shortened(line: string, most: number): string {
  const bytes = Buffer.from(line);
  return bytes.length > most ? `${bytes.subarray(0, most).toString()}...` : line;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Tue, 24 Nov 2026 21:23:00 +0000`, in the time zone of this machine. */
export function timeText(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const two = (part: number): string => String(part).padStart(2, '0');
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const date = `${days[time.getDay()] ?? ''}, ${two(time.getDate())} ${months[time.getMonth()] ?? ''} ${time.getFullYear()}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())} ${zone}`;
}
