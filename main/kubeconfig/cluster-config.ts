import type { TrustQuestion } from '../../shared/clusters.ts';

/** One context of one kubeconfig, as the rest of the application sees it. Holds no credential. */
export interface ClusterConfig {
  /** Stable and url-safe: of context name and source file. */
  readonly id: string;
  readonly context: string;
  /** Path of the file that the context came from. */
  readonly source: string;
  readonly server: string;
  readonly user: string;
  /** The context's own namespace; 'default' where it names none. */
  readonly namespace: string;
  /** What an approval is bound to: server URL and SHA-256 of the CA bundle (null: the system's roots). */
  readonly identity: { readonly server: string; readonly caSha256: string | null };
  /** What needs consent before this context is used. Empty: nothing. */
  readonly questions: readonly TrustQuestion[];
  readonly demo: boolean;
}
