import { CommandError } from './command-error.ts';
import { at, parseExact, textAt, type Json } from './exact-json.ts';
import type { Reader } from './reader.ts';

export interface WatchEvent {
  readonly type: string;
  readonly object: Json;
}

/** The lines of a body, as they come; chunks do not end where lines do. */
export async function* linesOf(body: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** Reads a watch until it ends. Throws CommandError where the server ends it with an error. */
export async function watchObjects(
  reader: Reader,
  path: string,
  query: string,
  accept: string | undefined,
  signal: AbortSignal,
  on: (event: WatchEvent) => void,
): Promise<void> {
  const response = await reader.stream(path, query, accept, signal);
  for await (const line of linesOf(response.body as AsyncIterable<Buffer>)) {
    if (line === '') continue;
    const event = parseExact(line);
    const type = textAt(event, 'type');
    const object = at(event, 'object') ?? null;
    if (type === 'ERROR') {
      throw new CommandError('cluster.failed', `error: ${textAt(object, 'message')}`, 'Run the command again.');
    }
    if (type !== 'BOOKMARK') on({ type, object });
  }
}
