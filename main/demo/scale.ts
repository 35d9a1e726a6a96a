/** The scale subresource: an autoscaling/v1 Scale that stands for `spec.replicas` of its parent. */
import { decodeBody, mediaType } from './body.ts';
import type { Call, Cluster } from './context.ts';
import { badRequest, invalid, methodNotAllowed, notFound } from './errors.ts';
import type { LabelSelector, Manifest } from './kinds.ts';
import { writeOptions } from './options.ts';
import { trackUpdate } from './patch/managed-fields.ts';
import type { ManagedFieldsEntry } from './patch/managed-fields.ts';
import { schemaOf, schemaOfKind } from './schema.ts';
import { selectorText } from './selectors.ts';
import { patchedObject } from './write-patch.ts';
import { replaceObject, writerOf } from './write.ts';

type Json = Record<string, unknown>;

interface Scale {
  kind: string;
  apiVersion: string;
  metadata: Json;
  spec: { replicas?: number };
  status: { replicas: number; selector?: string };
}

interface ScalePaths {
  replicas: string[];
  current: string[];
  selector: string[];
}

function pathsOf({ definition }: Call): ScalePaths {
  const custom = definition.custom?.definition.subresources?.scale;
  const split = (path: string | undefined): string[] => (path ?? '').split('.').filter(Boolean);
  if (!custom) return { replicas: ['spec', 'replicas'], current: ['status', 'replicas'], selector: [] };
  return {
    replicas: split(custom.specReplicasPath),
    current: split(custom.statusReplicasPath),
    selector: split(custom.labelSelectorPath),
  };
}

function valueAt(object: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Json | undefined)?.[key], object);
}

function scaleOf(call: Call, parent: Manifest): Scale {
  const paths = pathsOf(call);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = parent.metadata;
  const own = (parent as Manifest & { spec?: { selector?: LabelSelector | Record<string, string> } }).spec?.selector;
  const isPlainMap = call.definition.storage === 'replicationcontrollers';
  const selector = call.definition.custom
    ? (valueAt(parent, paths.selector) as string | undefined)
    : selectorText(isPlainMap ? { matchLabels: own as Record<string, string> } : (own as LabelSelector | undefined));
  const replicas = valueAt(parent, paths.replicas) as number | undefined;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: {
      replicas: (valueAt(parent, paths.current) as number | undefined) ?? 0,
      ...(selector ? { selector } : {}),
    },
  };
}

function withReplicas(parent: Manifest, path: string[], replicas: number): Manifest {
  const copy = structuredClone(parent);
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce((found, key) => (found[key] ??= {}) as Json, copy as unknown as Json);
  holder[last] = replicas;
  return copy;
}

function wantedScale(call: Call, current: Scale): Scale {
  const { headers, body, method } = call;
  if (method === 'PUT') return decodeBody(body, headers['content-type'], 'Scale').value as unknown as Scale;
  const type = mediaType(headers['content-type']);
  if (type === 'application/apply-patch+yaml') {
    const { value } = decodeBody(body, 'application/yaml', 'Scale');
    const applied = value as unknown as Scale;
    return { ...current, metadata: { ...current.metadata, ...applied.metadata }, spec: applied.spec };
  }
  return patchedObject(type, current, body, schemaOfKind('autoscaling', 'v1', 'Scale')) as unknown as Scale;
}

function withoutScaleEntry(object: Manifest, manager: string): Manifest {
  const { managedFields = [], ...metadata } = object.metadata as Manifest['metadata'] & {
    managedFields?: ManagedFieldsEntry[];
  };
  const left = managedFields.filter((entry) => entry.subresource !== 'scale' || entry.manager !== manager);
  return { ...object, metadata: { ...metadata, ...(left.length ? { managedFields: left } : {}) } };
}

/** @throws ApiError 400, 404, 405, 409, 422. */
export function handleScale(cluster: Cluster, call: Call): void {
  const { definition, path, method, query, headers, answer } = call;
  const parent = cluster.store.get(definition.storage, path.namespace, path.name);
  if (method === 'GET') {
    if (!parent) throw notFound(definition, path.name);
    answer.object(200, scaleOf(call, parent));
    return;
  }
  if (method !== 'PUT' && method !== 'PATCH') throw methodNotAllowed();
  const isApply = mediaType(headers['content-type']) === 'application/apply-patch+yaml';
  const options = writeOptions(
    query,
    method === 'PUT' ? 'UpdateOptions' : 'PatchOptions',
    headers['user-agent'],
    isApply,
  );
  if (!parent) throw notFound(definition, path.name);
  const wanted = wantedScale(call, scaleOf(call, parent));
  const { name, resourceVersion, uid } = wanted.metadata as { name?: string; resourceVersion?: string; uid?: string };
  if (name && name !== path.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  const replicas = wanted.spec.replicas ?? 0;
  if (replicas < 0) {
    const message = `Invalid value: ${String(replicas)}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, path.name, [
      { reason: 'FieldValueInvalid', message, field: 'spec.replicas' },
    ]);
  }
  const next = withReplicas(parent, pathsOf(call).replicas, replicas);
  if (resourceVersion === undefined) delete next.metadata.resourceVersion;
  else next.metadata.resourceVersion = resourceVersion;
  if (uid === undefined) delete next.metadata.uid;
  else next.metadata.uid = uid;
  // A Scale of zero leaves `replicas` out, so that nobody owns it then: the real server's own oddity.
  const track = (completed: Manifest): Manifest => {
    const tracked = trackUpdate(parent, completed, schemaOf(definition), writerOf(cluster, call, options));
    return replicas ? tracked : withoutScaleEntry(tracked, options.fieldManager);
  };
  answer.object(200, scaleOf(call, replaceObject(cluster, call, parent, next, options, track)));
}
