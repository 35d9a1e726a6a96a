/** Handlers of what hangs below an object: scale, status, log, eviction, binding, token, proxies. */
import { randomBytes } from 'node:crypto';
import { serviceAccountGroups } from './auth.ts';
import { decodeBody } from './body.ts';
import { timestamp } from './clock.ts';
import type { Call, Cluster } from './context.ts';
import { ApiError, badRequest, methodNotAllowed, notFound } from './errors.ts';
import { handleEviction } from './eviction.ts';
import type { Pod } from './kinds.ts';
import { handleLog } from './logs.ts';
import { writeOptions } from './options.ts';
import { nodeProxy, unreachableProxy } from './proxy.ts';
import { getObject } from './read.ts';
import { handleScale } from './scale.ts';
import { patchObject } from './write-patch.ts';
import { updateObject } from './write.ts';

type Handler = (cluster: Cluster, call: Call) => void | Promise<void>;

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** An object's own part under another path: read, replace, patch. */
async function handlePart(cluster: Cluster, call: Call): Promise<void> {
  const verbs = call.definition.subresources.get(call.path.subresource)?.verbs ?? [];
  if (call.method === 'GET' && verbs.includes('get')) await getObject(cluster, call);
  else if (call.method === 'PUT' && verbs.includes('update')) updateObject(cluster, call);
  else if (call.method === 'PATCH' && verbs.includes('patch')) patchObject(cluster, call);
  else throw methodNotAllowed();
}

/** exec, attach and portforward arrive as upgrades; a request that is none is refused here. */
function refuseWithoutUpgrade(_cluster: Cluster, { query }: Call): never {
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
  throw badRequest('Upgrade request required');
}

function handleBinding(cluster: Cluster, call: Call): void {
  if (call.method !== 'POST') throw methodNotAllowed();
  const { store } = cluster;
  const { isDryRun } = writeOptions(call.query, 'CreateOptions', call.headers['user-agent']);
  const { value } = decodeBody(call.body, call.headers['content-type'], 'Binding');
  const { metadata, target } = value as { metadata?: { name?: string; uid?: string }; target?: { name?: string } };
  const name = call.path.name || metadata?.name || '';
  const pod = store.get<Pod>('pods', call.path.namespace, name);
  const resource = { group: '', plural: 'pods' };
  if (!pod) throw notFound(resource, name);
  if (metadata?.uid && metadata.uid !== pod.metadata.uid) {
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on pods/binding "${name}": Precondition failed: UID`,
      { name, kind: 'pods/binding' },
    );
  }
  if (pod.spec.nodeName) {
    const message = `Operation cannot be fulfilled on pods/binding "${name}": pod ${name} is already assigned to node "${pod.spec.nodeName}"`;
    throw new ApiError(409, 'Conflict', message, { name, kind: 'pods/binding' });
  }
  if (!isDryRun) {
    store.modify<Pod>('pods', call.path.namespace, name, (copy) => {
      copy.spec.nodeName = target?.name ?? '';
      return copy;
    });
  }
  call.answer.object(201, success);
}

/** A token request gives a live token, in a dry run too: the real server does so. */
function handleToken(cluster: Cluster, call: Call): void {
  if (call.method !== 'POST') throw methodNotAllowed();
  const { store, tokens } = cluster;
  const { namespace, name } = call.path;
  const account = store.get('serviceaccounts', namespace, name);
  if (!account) throw notFound(call.definition, name);
  const { value } = decodeBody(call.body, call.headers['content-type'], 'TokenRequest');
  const spec = (value['spec'] ?? {}) as { audiences?: string[]; expirationSeconds?: number };
  const seconds = spec.expirationSeconds ?? 3600;
  const expiresAt = store.now() + seconds * 1000;
  const token = `demo.${randomBytes(24).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
  const user = {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: serviceAccountGroups(namespace),
    ...(account.metadata.uid ? { uid: account.metadata.uid } : {}),
  };
  tokens.add(token, user, expiresAt);
  call.answer.object(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(store.now()) },
    spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: seconds, boundObjectRef: null, ...spec },
    status: { token, expirationTimestamp: timestamp(expiresAt) },
  });
}

/** By the name of the subresource. */
export const subresources: Record<string, Handler> = {
  status: handlePart,
  resize: handlePart,
  ephemeralcontainers: handlePart,
  approval: handlePart,
  finalize: handlePart,
  scale: handleScale,
  log: handleLog,
  eviction: handleEviction,
  binding: handleBinding,
  token: handleToken,
  exec: refuseWithoutUpgrade,
  attach: refuseWithoutUpgrade,
  portforward: refuseWithoutUpgrade,
  proxy: (cluster, call) => {
    if (call.definition.storage === 'nodes') nodeProxy(cluster, call);
    else unreachableProxy(cluster, call);
  },
};
