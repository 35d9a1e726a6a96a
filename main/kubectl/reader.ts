/**
 * One command's way to its cluster: every request goes through here, so that the result can say which way it came.
 * Never: a write. Changes are proposed to main/changes by the verbs that want them.
 */
import type { Route } from '../../shared/commands.ts';
import type { ApiResource, CallOptions, ClusterAccess } from '../clusters/cluster-access.ts';
import type { GateResponse } from '../gate/request.ts';
import { parseExact, type Json } from './exact-json.ts';
import { inKubectlsWords } from './failures.ts';

export type ToolAnswer = Awaited<ReturnType<ClusterAccess['tool']>>;
export type ListForm = Parameters<ClusterAccess['tool']>[2]['form'];

const mostSteps = 6;

export class Reader {
  readonly cluster: ClusterAccess;
  readonly #options: CallOptions;
  readonly #steps: string[] = [];
  readonly #warnings = new Set<string>();
  #usedTool = false;
  /** How many steps only led to the answer. */
  #lead = 0;
  narrowed: string | null = null;

  constructor(cluster: ClusterAccess, options: CallOptions) {
    this.cluster = cluster;
    this.#options = options;
  }

  get signal(): AbortSignal | undefined {
    return this.#options.signal;
  }

  get options(): CallOptions {
    return this.#options;
  }

  /** Every resource of the cluster's discovery, in kubectl's order. */
  async resources(): Promise<readonly ApiResource[]> {
    return this.#say(this.cluster.resources(this.#options));
  }

  /** A GET's JSON. Throws CommandError with the API server's reason. */
  async json(path: string, query = '', accept?: string): Promise<Json> {
    return parseExact(await this.text(path, query, accept));
  }

  async text(path: string, query = '', accept?: string): Promise<string> {
    this.#step(`GET ${path}${query === '' ? '' : `?${query}`}`);
    const answer = await this.#say(
      this.cluster.read({ path, query, ...(accept === undefined ? {} : { accept }) }, this.#options),
    );
    for (const warning of answer.warnings) this.warn(`Warning: ${warning}`);
    return answer.body.toString('utf8');
  }

  /** A GET that does not end; the caller reads or destroys its body. `signal` cuts it. */
  async stream(path: string, query: string, accept: string | undefined, signal: AbortSignal): Promise<GateResponse> {
    this.#step(`GET ${path}?${query}`);
    return this.#say(
      this.cluster.stream({ path, query, ...(accept === undefined ? {} : { accept }) }, { ...this.#options, signal }),
    );
  }

  async review(path: string, body: unknown): Promise<Json> {
    this.#step(`POST ${path}`);
    const answer = await this.#say(this.cluster.review(path, body, this.#options));
    for (const warning of answer.warnings) this.warn(`Warning: ${warning}`);
    return parseExact(answer.body.toString('utf8'));
  }

  async tool(name: string, args: Readonly<Record<string, unknown>>, form: ListForm): Promise<ToolAnswer> {
    this.#step(name);
    const answer = await this.#say(this.cluster.tool(name, args, { ...this.#options, form }));
    this.#usedTool = true;
    return answer;
  }

  /** A tool's answer was not used after all. */
  forgetTool(): void {
    this.#usedTool = false;
    this.markLead();
  }

  /** What was asked so far only led to the answer, which what comes now brings. */
  markLead(): void {
    this.#lead = this.#steps.length;
  }

  /** A line for stderr, said once. */
  warn(line: string): void {
    this.#warnings.add(line);
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get latestStep(): string | undefined {
    return this.#steps.at(-1);
  }

  route(ms: number): Route {
    const way = this.#usedTool ? 'mcp' : this.#steps.length === 0 ? 'local' : 'direct';
    const steps = [...this.#steps.slice(this.#lead), ...this.#steps.slice(0, this.#lead)];
    return { way, steps: steps.slice(0, mostSteps), ms, narrowed: this.narrowed };
  }

  #step(step: string): void {
    this.#steps.push(step);
  }

  async #say<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw inKubectlsWords(error);
    }
  }
}
