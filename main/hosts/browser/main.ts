import { once } from 'node:events';
import { startApp, type App } from '../../app.ts';
import type { StartOptions } from '../../host.ts';
import { EventStreams } from './event-streams.ts';
import { browserHost } from './host.ts';
import { listen } from './server.ts';
import { readStaticFiles } from '../static-files.ts';
import { Tickets } from './ticket.ts';

export interface BrowserHost {
  readonly app: App;
  readonly port: number;
  /** A link that opens the window, once, within a minute. */
  link(): string;
  close(): Promise<void>;
}

/** Starts the application behind a loopback server. `renderer` is the folder of the built window. */
export async function startBrowserHost(options: StartOptions, renderer: string, port: number): Promise<BrowserHost> {
  const streams: EventStreams = new EventStreams((client) => tickets.touch(client));
  const tickets = new Tickets(
    () => performance.now(),
    (client) => streams.end(client),
  );
  const app = await startApp(browserHost(streams), options);
  try {
    const files = readStaticFiles(renderer);
    const parts = { dispatch: app.dispatch, account: app.account, files, tickets, streams, log: app.log };
    const listening = await listen(parts, port);
    return {
      app,
      port: listening.port,
      link: () => `http://127.0.0.1:${String(listening.port)}/#ticket=${tickets.mint()}`,
      async close() {
        streams.close();
        listening.server.close();
        listening.server.closeAllConnections();
        await once(listening.server, 'close');
        await app.close();
      },
    };
  } catch (error) {
    streams.close();
    await app.close();
    throw error;
  }
}
