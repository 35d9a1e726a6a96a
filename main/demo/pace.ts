import type { Clock } from './clock.ts';

/** How long ago the story's clock stands, beyond which nobody can see what happened in between. */
const pastMs = 600_000;

/** The interval of what happens again and again: rarer while a story catches up with the present. */
export function pace(clock: Clock, liveMs: number, storyMs: number): number {
  return Date.now() - clock.now() > pastMs ? storyMs : liveMs;
}
