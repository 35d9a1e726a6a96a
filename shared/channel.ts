import type { z } from 'zod';
import type { Failure } from './errors.ts';

/** Who may call: anyone who reached the window, a signed-in account, or an administrator. */
export type Access = 'anyone' | 'user' | 'admin';

/** One request the renderer can make. `changes` says whether it can alter a cluster or what the app stores. */
export interface Channel<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly access: Access;
  readonly changes: boolean;
}

/** Declares a channel; exists so that its input and output keep their exact types. */
export function channel<I extends z.ZodType, O extends z.ZodType>(definition: Channel<I, O>): Channel<I, O> {
  return definition;
}

export type Channels = Record<string, Channel>;

export interface Account {
  readonly id: string;
  readonly role: 'user' | 'admin';
}

/** Decided by the host from the transport, never part of an input. `client` is one window or one browser tab. */
export interface Caller {
  readonly client: string;
  readonly account: Account | null;
}

export type HandlersFor<C extends Channels> = {
  readonly [K in keyof C]: (
    input: z.output<C[K]['input']>,
    caller: Caller,
  ) => Promise<z.input<C[K]['output']>> | z.input<C[K]['output']>;
};

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
