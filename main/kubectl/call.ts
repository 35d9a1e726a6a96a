import type { ClusterAccess } from '../clusters/cluster-access.ts';
import type { Changes } from '../changes/changes.ts';
import type { Caller } from '../../shared/channel.ts';
import type { Invocation } from './invocation.ts';
import type { Outcome } from './outcome.ts';
import type { Reader } from './reader.ts';
import type { ColumnCache } from './columns.ts';

/** What a verb runs with. */
export interface Call {
  readonly invocation: Invocation;
  readonly reader: Reader;
  /** `-n`, else the namespace in use. */
  readonly namespace: string;
  readonly form: 'view' | 'terminal';
  readonly columns: ColumnCache;
  readonly changes: Proposals;
  /** Epoch ms. */
  readonly now: () => number;
  /** Said to the person while the command runs. */
  readonly progress: (text: string) => void;
}

/** What a verb that changes something needs of main/changes. */
export type Proposals = Pick<Changes, 'propose'>;

/** A verb that asks a cluster. Throws CommandError. */
export type Verb = (call: Call) => Promise<Outcome>;

/** The contexts of the person's kubeconfigs. */
export interface Contexts {
  all(): readonly ClusterAccess['config'][];
  /** The cluster in use; null where none is. */
  current(): ClusterAccess['config'] | null;
  /** Makes a cluster the one in use, for this account. */
  select(cluster: string, caller: Caller): void;
  /** What the namespace in use of a cluster is. */
  namespaceOf(cluster: string): string;
  /** Text of one of the kubeconfigs. Bounded; rejects with an Error whose message goes on after the file's name. */
  read(source: string): Promise<string>;
  /** Arguments of a program that a kubeconfig names, without what looks like a secret. */
  shownArguments(args: readonly string[]): readonly string[];
}

/** What a verb runs with that needs no cluster, or opens it itself. */
export interface LocalCall {
  readonly invocation: Invocation;
  readonly form: 'view' | 'terminal';
  readonly contexts: Contexts;
  readonly caller: Caller;
  /** The app's own version. */
  readonly version: string;
  readonly open: () => { readonly reader: Reader; readonly namespace: string };
}
export type LocalVerb = (call: LocalCall) => Promise<Outcome>;
