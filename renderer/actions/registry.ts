import type { Action } from './action.ts';

/*
 * Every action that can be done now. Screens offer sources; palette, keys and shortcuts ask them each time.
 *
 * Promises: what cannot be done is not offered, so nothing is drawn dead; a shortcut and its line in the list of keys cannot
 * differ, because both are the same object.
 * Never: knows a screen. The arrows point the other way.
 */
type Source = () => readonly Action[];

const sources: Source[] = [];

/** Adds actions to what palette and keys know. A source is asked each time, so it offers only what can be done now. */
export function offerActions(source: Source): void {
  sources.push(source);
}

/** Everything that can be done now. */
export const actionsNow = (): readonly Action[] => sources.flatMap((source) => source());
