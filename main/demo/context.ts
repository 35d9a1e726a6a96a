/** What handlers work with: the cluster's parts, and one call. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { Tokens, User } from './auth.ts';
import type { Catalogue, ResourceDefinition } from './definitions.ts';
import type { ComputedResource, PodRuntime } from './pod-runtime.ts';
import type { Query } from './query.ts';
import type { Authorizer } from './rbac.ts';
import type { ResourcePath } from './route.ts';
import type { Store } from './store.ts';

/** The parts of one demo cluster. `computed`: resources by their name in the store, such as `pods.metrics.k8s.io`. */
export interface Cluster {
  store: Store;
  catalogue: Catalogue;
  authorizer: Authorizer;
  tokens: Tokens;
  runtime: PodRuntime;
  computed: ReadonlyMap<string, ComputedResource>;
}

/** One request for a resource, authenticated and authorized. */
export interface Call {
  method: string;
  path: ResourcePath;
  query: Query;
  headers: IncomingHttpHeaders;
  user: User;
  body: Buffer;
  definition: ResourceDefinition;
  answer: Answer;
  /** Aborted when the client has gone or the server closes. */
  signal: AbortSignal;
}
