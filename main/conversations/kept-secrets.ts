import { isMap, isNode, isScalar, isSeq, parseAllDocuments, type YAMLMap } from 'yaml';
import type { CommandResult, ResultBody } from '../../shared/commands.ts';
import { keptLine, namesSecrets, notKept } from './kept-line.ts';

/** Characters of a document with Secrets that is looked through; a larger one is not kept. */
const largest = 4_000_000;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const withheld: ResultBody = {
  kind: 'text',
  text: 'Not kept: this output may hold values of Secrets. Run the command again to see it.\n',
};

/** A result as it is kept: without the values of Secrets, and without secrets that were typed; its notes say so. */
export function withoutSecrets(result: CommandResult): CommandResult {
  const { line, literals } = keptLine(result.line);
  const body = bodyWithoutSecrets(result.body, result.line);
  const said = [
    ...(body === result.body ? [] : ['Values of Secrets are not kept here. Run the command again to see them.']),
    ...(literals.length === 0 ? [] : [`Secrets in the line are not kept; ${notKept} stands for them.`]),
  ];
  if (said.length === 0) return result;
  const clean = without({ ...result, line: '', body: { kind: 'nothing' } }, formsOf(literals));
  return { ...clean, line, body: without(body, formsOf(literals)), notes: [...clean.notes, ...said] };
}

function bodyWithoutSecrets(body: ResultBody, line: string): ResultBody {
  const format = formatOf(line);
  const mayShow = namesSecrets(line) && format !== 'plain';
  switch (body.kind) {
    case 'document':
    case 'text': {
      const text = documentsWithoutSecrets(body.text);
      // What a pipe made of a Secret has lost its shape.
      if (text === null || (mayShow && (text === body.text || line.includes('|')))) return withheld;
      return text === body.text ? body : { ...body, text };
    }
    case 'tables':
      return mayShow && format === 'columns' ? withheld : body;
    case 'logs':
    case 'change':
    case 'nothing':
      return body;
    default:
      return body satisfies never;
  }
}

/** What a line asks to be printed: kubectl's own tables and sentences are `plain`, they show no value of a Secret. */
function formatOf(line: string): 'plain' | 'columns' | 'other' {
  if (/\s--(?:raw|template)\b/.test(line)) return 'other';
  const formats = [...line.matchAll(/\s(?:-[a-zA-Z]*o|--output)(?:\s*=\s*|\s*)["']?([a-z-]+)/g)].map(
    ([, name]) => name,
  );
  if (formats.some((name) => name?.startsWith('custom-columns'))) return 'columns';
  return formats.every((name) => name === 'wide' || name === 'name') ? 'plain' : 'other';
}

/** The text with every value of a Secret replaced where it stands; null where that cannot be told. */
function documentsWithoutSecrets(text: string): string | null {
  if (!/\bSecret(?:List)?\b/.test(text) || !/\bkind\b/.test(text)) return text;
  if (text.length > largest) return null;
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  const ranges: [number, number][] = [];
  for (const document of documents) {
    // Words about Secrets that are no document at all have no values.
    if (document.errors.length > 0) return /["']?\bkind["']?\s*:\s*["']?Secret/.test(text) ? null : text;
    collect(document.contents, false, ranges);
  }
  return ranges
    .sort(([a], [b]) => b - a)
    .reduce((rest, [start, end]) => {
      const lineEnd = rest.slice(start, end).endsWith('\n') ? '\n' : '';
      return `${rest.slice(0, start)}${JSON.stringify(notKept)}${lineEnd}${rest.slice(end)}`;
    }, text);
}

function collect(node: unknown, isSecret: boolean, ranges: [number, number][]): void {
  if (isSeq(node)) {
    for (const item of node.items) collect(item, isSecret, ranges);
  } else if (isMap(node)) {
    const kind = node.get('kind');
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const holds = (isSecret || kind === 'Secret') && (name === 'data' || name === 'stringData');
      if (holds) values(value, ranges);
      else if (name === lastApplied && isScalar(value) && /"kind":\s*"Secret"/.test(String(value.value))) {
        values(value, ranges);
      } else collect(value, kind === 'SecretList' && name === 'items', ranges);
    }
  }
}

function values(node: unknown, ranges: [number, number][]): void {
  if (isMap(node)) for (const { value } of (node as YAMLMap).items) values(value, ranges);
  else if (isNode(node) && node.range != null && node.range[1] > node.range[0]) {
    ranges.push([node.range[0], node.range[1]]);
  }
}

/** Longest first, as one may be part of another. Short ones would hit ordinary words; they are out of the line anyway. */
function formsOf(literals: readonly string[]): readonly string[] {
  const base64 = literals.map((literal) => Buffer.from(literal).toString('base64').replace(/=+$/, ''));
  return [...literals, ...base64].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
}

/** The same value with none of `secrets` in any of its texts. */
function without<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value;
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, notKept), one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}
