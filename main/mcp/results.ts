import { LosslessNumber, parse } from 'lossless-json';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** What a tool of any server gave; `structured` where it has a form beside the text. */
export interface ToolResult {
  readonly text: string;
  readonly structured: unknown;
  readonly isError: boolean;
}

/** Sixteen digits or more as a number, or in a text that looks like it: the only case that the slow parser is for. */
const mayBeUnsafe = /[:,[]\s*-?\d[\d.]{15}/;

/** JSON whose numbers are `number`s, except integers that a `number` cannot hold, which are `LosslessNumber`s. */
export function parseExact(text: string): unknown {
  return mayBeUnsafe.test(text) ? parse(text, null, exactNumber) : JSON.parse(text);
}

function exactNumber(digits: string): number | LosslessNumber {
  const number = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? new LosslessNumber(digits) : number;
}

/**
 * What a tool said, its text blocks joined. A block of another kind (a picture, a resource) is named in place, since
 * a command has no way to show it.
 */
export function textOf(result: Pick<CallToolResult, 'content'>): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
}
