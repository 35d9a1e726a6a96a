import type { LocalVerb, Verb } from './call.ts';
import { get } from './verbs/get.ts';

/** The verbs that ask a cluster, by their name in the grammar. */
export const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([['get', get]]);

/** The verbs that can do without a cluster. */
export const localVerbs: ReadonlyMap<string, LocalVerb> = new Map<string, LocalVerb>([]);
