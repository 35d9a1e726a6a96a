import type { DraftWrite } from '../clusters/cluster-access.ts';
import type { RecordedWrite } from '../gate/permits.ts';
import { mergePatch, movedPaths } from './merge-patch.ts';
import { at, isObject, shown, type Json, type JsonObject } from './shown.ts';

/** One write that ran, as the journal keeps it: `after` is what the server answered. */
export type DoneWrite = Pick<RecordedWrite, 'method' | 'path' | 'target' | 'before' | 'after'>;

/** The inverse of a write, in order of preference, or why there is none. */
export type Inverse = { readonly tries: readonly DraftWrite[] } | { readonly refused: string };

/**
 * The inverse of one write on the object as it is now (null: not there). A change is taken back by a merge patch of
 * the difference and only while each touched field still has the value the change gave it; a deleted object is created
 * again without what only servers write. Server-side apply and strategic patches would leave added fields behind.
 */
export function inverseOf(done: DoneWrite, current: unknown, livingOwners: ReadonlySet<string>): Inverse {
  const never = undoable(done);
  if (!never.possible) return { refused: never.text };
  if (done.method === 'DELETE') {
    return isObject(current) ? { refused: `${nameOf(done)} exists again.` } : recreate(done, livingOwners);
  }
  if (!isObject(current)) return { refused: `${nameOf(done)} is not there any more.` };
  if (at(current, 'metadata', 'uid') !== at(done.after, 'metadata', 'uid')) {
    return { refused: `${nameOf(done)} was deleted and created again since.` };
  }
  return done.before === null ? removal(done) : restoration(done, current);
}

/** Whether a write can be taken back at all, said before it runs. */
export function undoable(done: DoneWrite): { readonly possible: boolean; readonly text: string } {
  const { resource, group, subresource, name } = done.target;
  const kept = `${resource}/${name ?? ''}`;
  if (subresource !== null && subresource !== 'scale' && subresource !== 'status') {
    return { possible: false, text: `No undo: ${subresource} acts, it does not set anything.` };
  }
  if (group === '' && resource === 'secrets' && done.before !== null) {
    return { possible: false, text: `No undo for ${kept}: the values of a Secret are not kept.` };
  }
  if (done.method !== 'DELETE') {
    return done.before === null
      ? { possible: true, text: `Undo deletes ${kept} again.` }
      : { possible: true, text: `Undo restores each changed field of ${kept} that nobody has changed since.` };
  }
  if (group === '' && resource === 'namespaces') {
    return { possible: false, text: 'No undo: what was in the namespace is gone with it.' };
  }
  if (group === '' && resource === 'pods' && controllerOf(done.before) !== null) {
    return { possible: false, text: `No undo needed: ${controllerOf(done.before) ?? ''} makes a new pod.` };
  }
  if (group === 'apiextensions.k8s.io') {
    return { possible: false, text: 'No undo: every object of this kind is gone with its definition.' };
  }
  return { possible: true, text: `Undo creates ${kept} again, with a new uid.` };
}

function removal(done: DoneWrite): Inverse {
  const name = String(at(done.after, 'metadata', 'name'));
  const path = done.path.endsWith(`/${name}`) ? done.path : `${done.path}/${name}`;
  return {
    tries: [draft('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' })],
  };
}

function restoration(done: DoneWrite, current: JsonObject): Inverse {
  const { subresource } = done.target;
  const [before, after, now] = [
    restorable(done.before, subresource),
    restorable(done.after, subresource),
    restorable(current, subresource),
  ] as const;
  const patch = mergePatch(after, before);
  if (patch === undefined) return { refused: `${nameOf(done)} was not changed by it.` };
  const moved = movedPaths(patch, after, now);
  if (moved.length > 0) return { refused: `${nameOf(done)} was changed since: ${moved.slice(0, 4).join(', ')}.` };
  return { tries: [{ ...draft('PATCH', done.path, patch), contentType: 'application/merge-patch+json' }] };
}

function recreate(done: DoneWrite, livingOwners: ReadonlySet<string>): Inverse {
  const object = withLivingOwners(creatable(done), livingOwners);
  const collection = done.path.slice(0, done.path.lastIndexOf('/'));
  const tries = [draft('POST', collection, object)];
  const spec = at(object, 'spec');
  if (done.target.resource === 'services' && isObject(spec)) {
    // Its address or port may belong to another Service by now.
    const { clusterIP: _ip, clusterIPs: _ips, ...free } = spec;
    tries.push(draft('POST', collection, { ...object, spec: free }));
    const ports = Array.isArray(free.ports) ? free.ports.map(withoutNodePort) : free.ports;
    tries.push(draft('POST', collection, { ...object, spec: { ...free, ports: ports ?? [] } }));
  }
  return { tries };
}

function withoutNodePort(port: Json): Json {
  if (!isObject(port)) return port;
  const { nodePort: _taken, ...rest } = port;
  return rest;
}

/** Rules per kind: facts measured on Kubernetes 1.36 (a Job refuses its old labels, a Pod would skip the scheduler). */
function creatable(done: DoneWrite): JsonObject {
  const object = shown(done.before) ?? {};
  const spec = at(object, 'spec');
  if (done.target.resource === 'jobs' && isObject(spec)) {
    const { selector: _selector, template, ...rest } = spec;
    const bare = withoutJobLabels(template ?? null);
    return { ...(withoutJobLabels(object) as JsonObject), spec: { ...rest, template: bare } };
  }
  if (done.target.resource === 'pods' && isObject(spec)) {
    const { nodeName: _node, volumes, containers, initContainers, ...rest } = spec;
    return {
      ...object,
      spec: {
        ...rest,
        ...(Array.isArray(volumes) ? { volumes: volumes.filter((volume) => !isTokenVolume(volume)) } : {}),
        ...(Array.isArray(initContainers) ? { initContainers: initContainers.map(withoutTokenMount) } : {}),
        containers: Array.isArray(containers) ? containers.map(withoutTokenMount) : [],
      },
    };
  }
  return object;
}

function withLivingOwners(object: JsonObject, living: ReadonlySet<string>): JsonObject {
  const metadata = at(object, 'metadata');
  if (!isObject(metadata) || !Array.isArray(metadata.ownerReferences)) return object;
  const owners = metadata.ownerReferences.filter((owner) => living.has(String(at(owner, 'uid'))));
  const { ownerReferences: _gone, ...rest } = metadata;
  return { ...object, metadata: owners.length === 0 ? rest : { ...rest, ownerReferences: owners } };
}

const jobLabels = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

function withoutJobLabels(value: Json): Json {
  if (!isObject(value) || !isObject(value.metadata) || !isObject(value.metadata.labels)) return value;
  const labels = Object.entries(value.metadata.labels).filter(([key]) => !jobLabels.includes(key));
  return { ...value, metadata: { ...value.metadata, labels: Object.fromEntries(labels) } };
}

function isTokenVolume(volume: Json): boolean {
  return String(at(volume, 'name')).startsWith('kube-api-access-');
}

function withoutTokenMount(container: Json): Json {
  if (!isObject(container) || !Array.isArray(container.volumeMounts)) return container;
  return { ...container, volumeMounts: container.volumeMounts.filter((mount) => !isTokenVolume(mount)) };
}

/** What undo may restore: the shown object without what belongs to controllers. */
function restorable(object: unknown, subresource: string | null): JsonObject {
  const visible = shown(object, subresource) ?? {};
  const annotations = at(visible, 'metadata', 'annotations');
  if (!isObject(annotations)) return visible;
  const { 'deployment.kubernetes.io/revision': _revision, ...own } = annotations;
  return { ...visible, metadata: { ...(visible.metadata as JsonObject), annotations: own } };
}

function controllerOf(object: unknown): string | null {
  const owners = at(object, 'metadata', 'ownerReferences');
  const owner = Array.isArray(owners) ? owners.find((one) => at(one, 'controller') === true) : undefined;
  return owner === undefined ? null : `${String(at(owner, 'kind'))} ${String(at(owner, 'name'))}`;
}

function nameOf(done: DoneWrite): string {
  return `${done.target.resource}/${done.target.name ?? String(at(done.after, 'metadata', 'name'))}`;
}

function draft(method: DraftWrite['method'], path: string, body: JsonObject): DraftWrite {
  return { method, path, query: '', contentType: 'application/json', body: JSON.stringify(body) };
}
