import type { ServerResponse } from 'node:http';

const heartbeatMs = 15_000;
/** What a reader may leave unread before it is cut off; the page then reconnects and reads anew. */
const mostUnreadBytes = 8 * 1024 * 1024;

/** The open event streams: newline-delimited JSON, `{name, payload}` each, `{}` as a heartbeat. */
export class EventStreams {
  readonly #streams = new Map<ServerResponse, string>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #onAlive: (client: string) => void;

  constructor(onAlive: (client: string) => void) {
    this.#onAlive = onAlive;
    this.#heartbeat = setInterval(() => this.#send(null, {}), heartbeatMs).unref();
  }

  /** Takes over a response whose head is not written yet. */
  open(client: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    response.write('{}\n');
    this.#streams.set(response, client);
    response.on('close', () => this.#streams.delete(response));
  }

  /** To one client, or to every one. */
  publish(name: string, payload: unknown, client: string | null): void {
    this.#send(client, { name, payload });
  }

  /** Cuts the streams of one client, or all. */
  end(client: string | null): void {
    for (const [response, owner] of this.#streams) if (client === null || owner === client) response.destroy();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.end(null);
  }

  #send(client: string | null, message: object): void {
    if (this.#streams.size === 0) return;
    const line = `${JSON.stringify(message)}\n`;
    for (const [response, owner] of this.#streams) {
      if (client !== null && owner !== client) continue;
      response.write(line);
      if (response.writableLength > mostUnreadBytes) response.destroy();
      else if (!response.writableNeedDrain) this.#onAlive(owner);
    }
  }
}
