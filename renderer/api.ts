import type { Reply } from '../shared/channel.ts';
import type { ChannelName, EventName, EventOf, Input, Output } from '../shared/contract.ts';
import { AppError, type Failure } from '../shared/errors.ts';
import { bridge, connectionEvents } from './bridge.ts';

/** Asks the application. Throws `AppError` with the failure it answered. */
export async function request<C extends ChannelName>(
  name: C,
  ...[input]: undefined extends Input<C> ? [] : [input: Input<C>]
): Promise<Output<C>> {
  const reply = (await bridge.request(name, input)) as Reply<Output<C>>;
  if (!reply.ok) throw new AppError(reply.failure);
  return reply.value;
}

/** Hears one kind of event until the returned function is called. */
export function onEvent<E extends EventName>(name: E, listener: (payload: EventOf<E>) => void): () => void {
  return bridge.subscribe((heard, payload) => {
    if (heard === name) listener(payload as EventOf<E>);
  });
}

/** Hears the way to the application come and go. `open` comes again after each gap: read again what is shown. */
export function onConnection(listener: (state: 'open' | 'lost' | 'ended') => void): () => void {
  if (window.bridge !== undefined) {
    listener('open');
    return () => undefined;
  }
  return bridge.subscribe((heard) => {
    if (heard === connectionEvents.open) listener('open');
    if (heard === connectionEvents.lost) listener('lost');
    if (heard === connectionEvents.ended) listener('ended');
  });
}

/** The failure in whatever was thrown; what is not an `AppError` is a defect of the window and says so. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof AppError) return thrown.failure;
  return {
    code: 'unexpected',
    message: `This window failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    remedy: 'Reload the page. Nothing in a cluster was touched by this.',
  };
}
