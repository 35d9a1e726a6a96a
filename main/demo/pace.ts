import type { Clock } from './clock.ts';

/** How long ago the story's clock stands, beyond which nobody can see what happened in between. */
const pastMs = 600_000;

/**
 * The interval of what happens again and again: rarer while a story catches up with the present. Never shorter than live:
 * real time runs on while the past is told, and steps towards it that shrink with the distance never arrive.
 */
export function pace(clock: Clock, liveMs: number, storyMs: number): number {
  const behindMs = Date.now() - clock.now();
  return behindMs > pastMs ? Math.max(liveMs, Math.min(storyMs, behindMs - pastMs + 1)) : liveMs;
}

/** Whether what happens now will be forgotten before anyone can look. */
export function isForgotten(clock: Clock, lifetimeMs: number): boolean {
  return Date.now() - clock.now() > lifetimeMs;
}
