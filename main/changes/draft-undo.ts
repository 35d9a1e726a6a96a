import { AppError } from '../../shared/errors.ts';
import type { ApiResource, CallOptions, ClusterAccess, DraftWrite } from '../clusters/cluster-access.ts';
import type { Ended } from './journal.ts';
import { at, isObject, type Json } from './shown.ts';
import { inverseOf, type DoneWrite } from './undo.ts';

/**
 * The writes that take a change back, last write first, computed on the state of now.
 * Throws AppError 'change.moved' where a part cannot be taken back: then nothing is.
 */
export async function draftUndo(
  ended: Ended,
  cluster: ClusterAccess,
  call: CallOptions,
): Promise<readonly DraftWrite[]> {
  const drafts: DraftWrite[] = [];
  for (const done of [...ended.writes].reverse()) {
    const current = await readOrNull(objectPath(done), cluster, call);
    const inverse = inverseOf(done, current, await livingOwners(done, cluster, call));
    if ('refused' in inverse) throw notUndone(inverse.refused, cluster.name);
    const taken = inverse.tries.length > 1 && (await isAddressTaken(done, cluster, call));
    drafts.push(await firstThatPreviews(taken ? inverse.tries.slice(1) : inverse.tries, cluster, call));
  }
  if (drafts.length === 0) throw notUndone('Nothing was written by it.', cluster.name);
  return drafts;
}

function objectPath(done: DoneWrite): string {
  const name = done.target.name ?? String(at(done.after, 'metadata', 'name'));
  return done.method === 'POST' && done.target.subresource === null ? `${done.path}/${name}` : done.path;
}

/** Asked, because a dry run says yes to an address that is taken, and only the real create says no. */
async function isAddressTaken(done: DoneWrite, cluster: ClusterAccess, call: CallOptions): Promise<boolean> {
  const address = at(done.before, 'spec', 'clusterIP');
  if (typeof address !== 'string' || address === 'None') return false;
  try {
    const services = at((await cluster.read({ path: '/api/v1/services' }, call)).json(), 'items');
    return Array.isArray(services) && services.some((service) => at(service, 'spec', 'clusterIP') === address);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** A Service's old node port may be taken: then it is tried without it. */
async function firstThatPreviews(
  tries: readonly DraftWrite[],
  cluster: ClusterAccess,
  call: CallOptions,
): Promise<DraftWrite> {
  const [first, ...rest] = tries;
  if (first === undefined) throw notUndone('There is no way back.', cluster.name);
  if (rest.length === 0) return first;
  try {
    await cluster.preview([first], call);
    return first;
  } catch (error) {
    if (error instanceof AppError && error.failure.code === 'cluster.invalid')
      return firstThatPreviews(rest, cluster, call);
    throw error;
  }
}

/** uids of the owners that still live: a reference to a gone one would have the object collected at once. */
async function livingOwners(done: DoneWrite, cluster: ClusterAccess, call: CallOptions): Promise<ReadonlySet<string>> {
  const owners = at(done.before, 'metadata', 'ownerReferences');
  if (done.method !== 'DELETE' || !Array.isArray(owners)) return new Set();
  const resources = await cluster.resources(call);
  const found = await Promise.all(
    owners.map(async (owner) => {
      const path = ownerPath(owner, done.target.namespace, resources);
      const object = path === null ? null : await readOrNull(path, cluster, call);
      return at(object, 'metadata', 'uid') === at(owner, 'uid') ? [String(at(owner, 'uid'))] : [];
    }),
  );
  return new Set(found.flat());
}

function ownerPath(owner: Json, namespace: string | null, resources: readonly ApiResource[]): string | null {
  const apiVersion = String(at(owner, 'apiVersion'));
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const kind = at(owner, 'kind');
  const resource = resources.find((one) => one.group === group && one.version === version && one.kind === kind);
  if (resource === undefined) return null;
  const root = group === '' ? `/api/${resource.version}` : `/apis/${apiVersion}`;
  const scope = resource.namespaced && namespace !== null ? `/namespaces/${namespace}` : '';
  return `${root}${scope}/${resource.name}/${String(at(owner, 'name'))}`;
}

async function readOrNull(path: string, cluster: ClusterAccess, call: CallOptions): Promise<unknown> {
  try {
    const object = (await cluster.read({ path }, call)).json();
    return isObject(object) ? object : null;
  } catch (error) {
    if (error instanceof AppError && error.failure.code === 'cluster.not-found') return null;
    throw error;
  }
}

function notUndone(why: string, cluster: string): AppError {
  return new AppError({
    code: 'change.moved',
    message: `This cannot be taken back: ${why}`,
    remedy: 'Nothing was written. Change the object by hand, if that is meant.',
    cluster,
  });
}
