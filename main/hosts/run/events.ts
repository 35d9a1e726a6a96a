import type { EventName, EventOf } from '../../../shared/contract.ts';

type Listener = (name: EventName, payload: unknown) => void;

/** The application's events, for a host without a window. */
export class Events {
  readonly #listeners = new Set<Listener>();

  readonly publish = <E extends EventName>(name: E, payload: EventOf<E>): void => {
    for (const listener of this.#listeners) listener(name, payload);
  };

  on<E extends EventName>(wanted: E, listener: (payload: EventOf<E>) => void): () => void {
    const one: Listener = (name, payload) => {
      if (name === wanted) listener(payload as EventOf<E>);
    };
    this.#listeners.add(one);
    return () => this.#listeners.delete(one);
  }

  /** The first event from now on that fits. */
  until<E extends EventName>(name: E, fits: (payload: EventOf<E>) => boolean): Promise<EventOf<E>> {
    const { promise, resolve } = Promise.withResolvers<EventOf<E>>();
    const off = this.on(name, (payload) => {
      if (!fits(payload)) return;
      off();
      resolve(payload);
    });
    return promise;
  }
}
