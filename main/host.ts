import type { HostInfo } from '../shared/settings.ts';
import type { EventName, EventOf } from '../shared/contract.ts';

/**
 * What the application borrows from where it runs: Electron, the browser host, or one command in a terminal.
 * What a host cannot do is null, and `settings.host` tells the renderer, so that nothing dead is drawn.
 */
export interface Host {
  readonly kind: HostInfo['kind'];
  /** Carries an event to one client, or to all of them. */
  publish<E extends EventName>(name: E, payload: EventOf<E>, client?: string): void;
  /** Opens an https address in the person's browser, after their click. */
  readonly openExternal: ((url: string) => Promise<void>) | null;
}

/** Where things are and how the app was started: the flags of `npm start`, parsed. */
export interface StartOptions {
  readonly dataDir: string;
  /** Paths of kubeconfigs, in order of precedence; empty where there is none. */
  readonly kubeconfigs: readonly string[];
  /** Contexts of these kubeconfigs belong to the demo cluster. */
  readonly demoKubeconfig: string | null;
  readonly version: string;
}
