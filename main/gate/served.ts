import { ask } from './ask.ts';
import { fieldsAt, isFields } from './body.ts';
import { isBuiltIn } from './dry-run.ts';
import type { Link } from './link.ts';

const freshMs = 60_000;

/** Which API groups kube-apiserver serves itself: only of those is a dry run known. One per cluster. */
export class ServedGroups {
  readonly #link: Link;
  readonly #steady: () => number;
  readonly #known = new Map<string, { readonly own: boolean; readonly at: number }>();

  constructor(link: Link, steady: () => number) {
    this.#link = link;
    this.#steady = steady;
  }

  /** True where the group is built in or of a CustomResourceDefinition; false where another server answers, or unknown. */
  async isOwn(group: string, version: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (isBuiltIn(group)) return true;
    const key = `${version}.${group}`;
    const known = this.#known.get(key);
    if (known !== undefined && this.#steady() - known.at < freshMs) return known.own;
    const own = (await this.#byRegistration(key, signal)) ?? (await this.#byDescription(group, version, signal));
    this.#known.set(key, { own, at: this.#steady() });
    return own;
  }

  forget(): void {
    this.#known.clear();
  }

  async #byRegistration(name: string, signal: AbortSignal | undefined): Promise<boolean | null> {
    const answer = await this.#get(`/apis/apiregistration.k8s.io/v1/apiservices/${encodeURIComponent(name)}`, signal);
    if (answer.status !== 200 || !isFields(answer.json)) return null;
    const { service } = fieldsAt(answer.json, 'spec');
    return service === undefined || service === null;
  }

  /** For those who may not read registrations: kube-apiserver titles the description of custom resources itself. */
  async #byDescription(group: string, version: string, signal: AbortSignal | undefined): Promise<boolean> {
    const path = `/openapi/v3/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
    const answer = await this.#get(path, signal);
    return answer.status === 200 && fieldsAt(answer.json, 'info')['title'] === 'Kubernetes CRD Swagger';
  }

  async #get(path: string, signal: AbortSignal | undefined) {
    return await ask(this.#link, { method: 'GET', path, priority: 'interactive', userAgent: 'ai4k8s-desktop', signal });
  }
}
