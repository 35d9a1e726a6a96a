import type { Action } from './action.ts';

type Source = () => readonly Action[];

const sources: Source[] = [];

/** Adds actions to what palette and keys know. A source is asked each time, so it offers only what can be done now. */
export function offerActions(source: Source): void {
  sources.push(source);
}

/** Everything that can be done now. */
export const actionsNow = (): readonly Action[] => sources.flatMap((source) => source());
