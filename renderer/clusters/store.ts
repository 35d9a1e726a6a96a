import { create } from 'zustand';
import type { Cluster, ClusterList } from '../../shared/clusters.ts';
import type { Input, Output } from '../../shared/contract.ts';
import { failureOf, onEvent, request } from '../api.ts';
import { answered, asked, failed, nothingYet, type Remote } from '../remote.ts';

/*
 * Which clusters there are, which is in use, and in which namespace.
 *
 * Promises: a choice is shown at once; the list stays, with its age, when reading it fails.
 * Never: consents to anything. `trustCluster` is called by the trust check's buttons alone, with the ids that they showed.
 */

/** `complete` false: they may not be listed, and these are the known ones. */
export type Namespaces = Pick<Output<'clusters.namespaces'>, 'namespaces' | 'complete'>;

interface Clusters {
  readonly list: Remote<ClusterList>;
  /** By cluster id. */
  readonly namespaces: Readonly<Record<string, Remote<Namespaces>>>;
}

export const useClusters = create<Clusters>(() => ({ list: nothingYet, namespaces: {} }));

const keep = (list: ClusterList) => useClusters.setState({ list: answered(list, Date.now()) });

export function selectedOf(state: Clusters): Cluster | null {
  const list = state.list.data?.value;
  return list?.clusters.find((cluster) => cluster.id === list.selected) ?? null;
}

export const allOf = (state: Clusters): readonly Cluster[] => state.list.data?.value.clusters ?? none;
const none: readonly Cluster[] = [];

/** What could not be read of the kubeconfigs. */
export const problemsOf = (state: Clusters): ClusterList['problems'] => state.list.data?.value.problems ?? noProblems;
const noProblems: ClusterList['problems'] = [];

export async function loadClusters(): Promise<void> {
  useClusters.setState(({ list }) => ({ list: asked(list) }));
  try {
    keep(await request('clusters.list'));
  } catch (error) {
    useClusters.setState(({ list }) => ({ list: failed(list, failureOf(error)) }));
  }
}

function keepOne(cluster: Cluster, selected?: string): void {
  const list = useClusters.getState().list.data?.value;
  if (list === undefined) return;
  const clusters = list.clusters.map((other) => (other.id === cluster.id ? cluster : other));
  keep({ ...list, clusters, selected: selected ?? list.selected });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    useClusters.setState(({ list }) => ({ list: failed(list, failureOf(error)) }));
  }
}

/** Shown as chosen at once; the application is told after. */
export async function selectCluster(cluster: string): Promise<void> {
  const list = useClusters.getState().list.data?.value;
  if (list !== undefined) keep({ ...list, selected: cluster });
  await attempt(async () => keepOne(await request('clusters.select', { cluster }), cluster));
}

export async function connectCluster(cluster: string): Promise<void> {
  await attempt(async () => keepOne(await request('clusters.connect', { cluster })));
}

export async function chooseNamespace(cluster: string, namespace: string): Promise<void> {
  await attempt(async () => keepOne(await request('clusters.set-namespace', { cluster, namespace })));
}

export async function markCluster(marks: Input<'clusters.mark'>): Promise<void> {
  await attempt(async () => keepOne(await request('clusters.mark', marks)));
}

/** Consents to exactly these questions and connects. */
export async function trustCluster(cluster: string, questions: string[]): Promise<void> {
  await attempt(async () => keepOne(await request('clusters.trust', { cluster, questions })));
}

export async function loadNamespaces(cluster: string): Promise<void> {
  const set = (change: (remote: Remote<Namespaces>) => Remote<Namespaces>) =>
    useClusters.setState(({ namespaces }) => ({
      namespaces: { ...namespaces, [cluster]: change(namespaces[cluster] ?? nothingYet) },
    }));
  set(asked);
  try {
    const { at, ...answer } = await request('clusters.namespaces', { cluster });
    set(() => answered(answer, at));
  } catch (error) {
    set((remote) => failed(remote, failureOf(error)));
  }
}

export function followClusters(): void {
  onEvent('clusters.changed', keep);
}
