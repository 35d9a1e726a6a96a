import { textAt } from './body.ts';
import type { Draft } from './draft.ts';
import type { RecordedWrite, Target } from './permits.ts';
import { notPreviewable, Refusal } from './refusal.ts';

/**
 * What a preview pretended so far. A client that looks for an object which was only dry-created, or for the end of one
 * that was only dry-deleted, is waiting for what will not come (Helm does): then the preview is complete.
 */
export class Overlay {
  /** Object paths. */
  readonly #pretended = new Set<string>();
  readonly #namespaces = new Set<string>();
  readonly #groups = new Set<string>();
  #writes = 0;
  #complete = false;

  get complete(): boolean {
    return this.#complete;
  }

  add(write: RecordedWrite, { target, request }: Draft): void {
    this.#writes += 1;
    const deletes = request.action === 'delete' || target.subresource === 'eviction';
    const creates = write.before === null && target.subresource === null && !deletes;
    const name = target.name ?? textAt(write.after, 'metadata', 'name');
    if (name === null) return;
    if (deletes) this.#pretended.add(deletes && target.subresource !== null ? parent(request.path) : request.path);
    if (!creates) return;
    this.#pretended.add(target.name === null ? `${request.path}/${name}` : request.path);
    if (target.resource === 'namespaces') this.#namespaces.add(name);
    if (target.resource === 'customresourcedefinitions') this.#groups.add(textAt(write.after, 'spec', 'group') ?? '');
  }

  /** Throws Refusal where the client waits for a pretended change. */
  refuseWaiting(path: string): void {
    if (this.#pretended.has(path)) this.#complete = true;
    this.refuseAfterEnd();
  }

  /** Throws Refusal once the preview is complete. */
  refuseAfterEnd(): void {
    if (!this.#complete) return;
    throw new Refusal({
      status: 403,
      reason: 'PreviewComplete',
      message: `Preview complete, ${String(this.#writes)} ${this.#writes === 1 ? 'write' : 'writes'}. Nothing was changed.`,
      remedy: 'Look at the change, and approve it to run it.',
    });
  }

  /** Throws Refusal for a write into something that exists only in this preview. */
  refuseInside({ namespace, group }: Target): void {
    const inside =
      namespace !== null && this.#namespaces.has(namespace)
        ? `Namespace ${namespace}`
        : group !== '' && this.#groups.has(group)
          ? `The kind of group ${group}`
          : null;
    if (inside === null) return;
    throw notPreviewable(
      `${inside} would be created by this same call and is not there yet, so what goes into it cannot be checked: ${String(this.#writes)} ${this.#writes === 1 ? 'write was' : 'writes were'} previewed, the rest was not.`,
    );
  }
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
