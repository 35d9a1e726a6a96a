import { z } from 'zod';
import { channel } from './channel.ts';
import { FailureSchema } from './failure.ts';

/**
 * One thing in a kubeconfig that may run a program, read a file or weaken the connection, and needs consent.
 * `id` is a digest of exactly what is consented to: another argument, file or hash is another question.
 */
export const TrustQuestion = z.object({
  id: z.string(),
  kind: z.enum([
    'exec-plugin',
    'file-outside',
    'skip-tls-verify',
    'plain-http',
    'proxy',
    'impersonation',
    'server-name',
    'auth-provider',
  ]),
  /** One sentence: what would happen. */
  text: z.string(),
  /** Exact values, in order: resolved path, each argument, each variable's name, file hash, URL. Never a secret. */
  details: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type TrustQuestion = z.infer<typeof TrustQuestion>;

export const ClusterState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('untried') }),
  z.object({ kind: z.literal('untrusted'), questions: z.array(TrustQuestion) }),
  z.object({ kind: z.literal('connecting'), since: z.number() }),
  z.object({ kind: z.literal('reachable'), version: z.string(), at: z.number() }),
  z.object({ kind: z.literal('unreachable'), failure: FailureSchema, at: z.number() }),
]);
export type ClusterState = z.infer<typeof ClusterState>;

export const Cluster = z.object({
  /** Stable, url-safe; of context name and source file. */
  id: z.string(),
  context: z.string(),
  /** Display name; the context's unless the person chose one. */
  name: z.string(),
  colour: z.int().min(0).max(11),
  group: z.string().nullable(),
  favourite: z.boolean(),
  production: z.boolean(),
  readOnly: z.boolean(),
  /** Belongs to the demo cluster that `--demo` started. */
  demo: z.boolean(),
  server: z.string(),
  user: z.string(),
  source: z.string(),
  /** The namespace in use. */
  namespace: z.string(),
  /** Named consents that weaken the connection and are shown wherever the cluster is ('TLS not verified'). */
  weaknesses: z.array(z.string()),
  state: ClusterState,
});
export type Cluster = z.infer<typeof Cluster>;

export const ClusterList = z.object({
  clusters: z.array(Cluster),
  selected: z.string().nullable(),
  /** What could not be read, per file; and the offer of the demo where there is nothing. */
  problems: z.array(z.object({ source: z.string(), failure: FailureSchema })),
});
export type ClusterList = z.infer<typeof ClusterList>;

const inCluster = z.object({ cluster: z.string() });

export const clusterChannels = {
  'clusters.list': channel({ input: z.void(), output: ClusterList, access: 'user', changes: false }),
  'clusters.select': channel({ input: inCluster, output: Cluster, access: 'user', changes: true }),
  /** Asks the cluster for its version now, whatever the circuit says. */
  'clusters.connect': channel({ input: inCluster, output: Cluster, access: 'user', changes: false }),
  'clusters.set-namespace': channel({
    input: inCluster.extend({ namespace: z.string().min(1).max(63) }),
    output: Cluster,
    access: 'user',
    changes: true,
  }),
  'clusters.namespaces': channel({
    input: inCluster,
    /** `complete` false: they may not be listed, and these are the ones that are known to be in use. */
    output: z.object({ namespaces: z.array(z.string()), complete: z.boolean(), at: z.number() }),
    access: 'user',
    changes: false,
  }),
  'clusters.mark': channel({
    input: inCluster.extend({
      name: z.string().min(1).max(80).optional(),
      colour: z.int().min(0).max(11).optional(),
      group: z.string().max(80).nullable().optional(),
      favourite: z.boolean().optional(),
      production: z.boolean().optional(),
      readOnly: z.boolean().optional(),
    }),
    output: Cluster,
    access: 'user',
    changes: true,
  }),
  /** Consents to exactly the named questions; an id that is not asked right now is refused. */
  'clusters.trust': channel({
    input: inCluster.extend({ questions: z.array(z.string()).min(1) }),
    output: Cluster,
    access: 'user',
    changes: true,
  }),
};
export const clusterEvents = { 'clusters.changed': ClusterList };
