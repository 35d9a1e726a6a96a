import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Rate } from './rate.ts';

const ticketLifeMs = 60_000;
/** How long a session outlives its last sign of life: a closed tab. */
const idleMs = 10 * 60_000;

export interface Session {
  /** Names the window in the application; no secret. */
  readonly client: string;
}

interface Held extends Session {
  readonly hash: Buffer;
  seenAt: number;
}

export type Exchange = { readonly token: string } | 'wrong' | 'too-many';

/**
 * Who may speak to the browser host. A ticket (256 bits, in the fragment of the printed link, one use, 60 s) is
 * exchanged for a token (256 bits, kept by the page for its tab). Of both only SHA-256 is held here. One session at a
 * time: a new exchange ends the one before it. The clock is monotonic, in ms.
 */
export class Tickets {
  readonly #now: () => number;
  readonly #onEnd: (client: string) => void;
  /** Only wrong tickets count, so that somebody's guesses do not shut the right one out. */
  readonly #guesses: Rate;
  #ticket: { readonly hash: Buffer; readonly expiresAt: number } | null = null;
  #session: Held | null = null;

  constructor(now: () => number, onEnd: (client: string) => void) {
    this.#now = now;
    this.#onEnd = onEnd;
    this.#guesses = new Rate(10 / 60, 10, now);
  }

  /** A new ticket; an older one that was not used is void. */
  mint(): string {
    const ticket = secret();
    this.#ticket = { hash: hashOf(ticket), expiresAt: this.#now() + ticketLifeMs };
    return ticket;
  }

  exchange(ticket: string): Exchange {
    const held = this.#ticket;
    if (held === null || !timingSafeEqual(held.hash, hashOf(ticket)) || this.#now() >= held.expiresAt) {
      return this.#guesses.take() ? 'wrong' : 'too-many';
    }
    this.#ticket = null;
    this.end();
    const token = secret();
    this.#session = { client: randomUUID(), hash: hashOf(token), seenAt: this.#now() };
    return { token };
  }

  /** The session that a bearer token belongs to; a sign of life of it. */
  sessionOf(token: string): Session | null {
    const session = this.#session;
    if (session === null || !timingSafeEqual(session.hash, hashOf(token))) return null;
    if (this.#now() - session.seenAt >= idleMs) {
      this.end();
      return null;
    }
    session.seenAt = this.#now();
    return session;
  }

  /** The window is there, though it asks nothing: its event stream takes what is written. */
  touch(client: string): void {
    if (this.#session?.client === client) this.#session.seenAt = this.#now();
  }

  end(): void {
    const { client } = this.#session ?? { client: null };
    this.#session = null;
    if (client !== null) this.#onEnd(client);
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
