import { createHash } from 'node:crypto';
import type { Account } from '../../shared/channel.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import { marksOf, type ClusterMarks, type Marks } from './marks.ts';

/** Whether changes of a cluster ask for more, or are not made at all. A cluster that is not known is both. */
export class ClusterProtection {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #marks: ClusterMarks;
  readonly #account: Account;

  constructor(kubeconfigs: Kubeconfigs, marks: ClusterMarks, account: Account) {
    this.#kubeconfigs = kubeconfigs;
    this.#marks = marks;
    this.#account = account;
  }

  isProduction(cluster: string): boolean {
    return this.#of(cluster)?.production ?? true;
  }

  isReadOnly(cluster: string): boolean {
    return this.#of(cluster)?.readOnly ?? true;
  }

  #of(cluster: string): Marks | null {
    const config = this.#kubeconfigs.get(cluster);
    return config === undefined ? null : marksOf(this.#marks.of(this.#account, config), config);
  }
}

/** Names that people give to production: asking once too often costs a word, once too seldom a cluster. */
export function looksLikeProduction(context: string): boolean {
  return /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(context);
}

/** One of twelve, the same for the same cluster at every start. */
export function defaultColour(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % 12;
}
