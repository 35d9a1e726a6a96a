/**
 * The bundled kubernetes-mcp-server, as the rest of the application calls it.
 *
 * Each call runs under a permit of its own: minted for it, carried by exactly one request, ended with it. The server
 * itself holds nothing, so what a call may do is decided by the gate, never here. The context of a call is always the
 * permit's cluster, whatever the arguments say.
 * A call in flight ends with an error as soon as its server dies. A read then goes out once more, under a new permit, to
 * the server that took over; a change never does, for nobody knows whether it ran. A read also goes out once more where
 * the server gave up waiting for a cluster (a sign-in under way) that then answers.
 * One process per list form, because the server has no choice per call; each is started at its first use.
 */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../shared/errors.ts';
import type { Grant, PermitSpec } from '../gate/permits.ts';
import type { GateAccess } from '../gate/request.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import { orAborted } from './abortable.ts';
import { callFailure } from './call-failure.ts';
import type { Connection } from './connection.ts';
import { httpFailure } from './http-failure.ts';
import { textOf } from './results.ts';
import { ServerFleet } from './server-fleet.ts';
import type { ListForm, McpAccess, ToolAnswer } from './tool-answer.ts';

const serverName = 'kubernetes-mcp-server';
/** The server takes 4 MiB; some of it is the envelope. */
const messageBytes = 4 * 1024 * 1024 - 1024;
/** Between a broken connection and the news that the process ended. */
const exitNewsMs = 1_000;

export interface McpSessionOptions {
  /** Folder for this and later runs' private files; not shared with another user. */
  readonly runtimeBase: string;
  /** The app's. */
  readonly version: string;
  /** Path of the server's binary; found in node_modules unless given. */
  readonly binary?: string;
}

export class McpSession implements McpAccess {
  readonly #gate: GateAccess;
  readonly #fleet: ServerFleet;

  constructor(options: McpSessionOptions, gate: GateAccess) {
    this.#gate = gate;
    this.#fleet = new ServerFleet(options, (cluster) => gate.urlOf(cluster));
  }

  /** Names the clusters; running servers take them over within a fraction of a second. */
  setClusters(clusters: readonly Pick<ClusterConfig, 'id' | 'namespace'>[]): Promise<void> {
    return this.#fleet.setClusters(clusters);
  }

  async call(
    form: ListForm,
    tool: string,
    args: Readonly<Record<string, unknown>>,
    permit: PermitSpec,
    signal?: AbortSignal,
  ): Promise<ToolAnswer> {
    const at = performance.now();
    refuseTooLarge(tool, args);
    for (let repeated = false; ; repeated = true) {
      signal?.throwIfAborted();
      const connection = await orAborted(this.#fleet.connection(form), signal);
      const grant = this.#gate.grant(permit);
      try {
        const result = await connection.call(tool, { ...args, context: permit.cluster }, grant.token, signal);
        if (!repeated && missedTheCluster(result, grant) && this.#fleet.knows(permit.cluster)) {
          await this.#fleet.tellAgain();
          continue;
        }
        if (!repeated && permit.kind === 'read' && gaveUpWaiting(result, grant)) {
          await this.#waitForCluster(permit.cluster, grant, signal);
          continue;
        }
        return answerOf(result, grant, performance.now() - at);
      } catch (error) {
        if (signal?.aborted === true) throw abortReason(signal);
        const failure = callFailure(error, serverName, tool);
        if (failure.kind === 'failed') throw failure.error;
        await this.#fleet.dropped(connection, exitNewsMs);
        if (repeated || permit.kind !== 'read') throw diedDuring(tool, permit, error);
      } finally {
        // Cuts what the call still has under way at the gate, whatever the server makes of a cancellation.
        grant.revoke();
      }
    }
  }

  /**
   * The server waits 10 s for a cluster, less than a sign-in in a browser takes. Waits for the cluster's first answer, or
   * throws why there is none.
   */
  async #waitForCluster(cluster: string, { token }: Grant, signal?: AbortSignal): Promise<void> {
    const version = { method: 'GET', path: '/version', query: '', headers: {}, body: null, signal };
    const { body } = await this.#gate.send(cluster, token, version);
    body.resume();
  }

  /** The connection of one form, started if it was not; for the self-check. */
  connection(form: ListForm): Promise<Connection> {
    return this.#fleet.connection(form);
  }

  /** The one that waits to take over; null where none is there. Settles when it is ready. */
  async standby(form: ListForm): Promise<Connection | null> {
    return this.#fleet.running(form).standby;
  }

  async close(): Promise<void> {
    await this.#fleet.close();
  }
}

/** The server has not read the kubeconfig that names the cluster; nothing of the call has left it. */
function missedTheCluster(result: CallToolResult, grant: Grant): boolean {
  return result.isError === true && /unknown target/.test(textOf(result)) && grant.report().requests.length === 0;
}

/** The tool failed while a request of it was still without an answer. */
function gaveUpWaiting(result: CallToolResult, grant: Grant): boolean {
  const { requests } = grant.report();
  return result.isError === true && requests.some(({ status, code }) => status === 0 && code === null);
}

function answerOf(result: CallToolResult, grant: Grant, ms: number): ToolAnswer {
  return {
    text: textOf(result),
    structured: result.structuredContent,
    isError: result.isError === true,
    report: grant.revoke(),
    ms,
  };
}

/** A body beyond the server's limit would break the connection before the answer that says so is read. */
function refuseTooLarge(tool: string, args: Readonly<Record<string, unknown>>): void {
  if (Buffer.byteLength(JSON.stringify(args)) < messageBytes) return;
  const { failure } = httpFailure(413, '', serverName);
  throw new AppError({ ...failure, tool });
}

function abortReason({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new DOMException('The call was cancelled.', 'AbortError');
}

function diedDuring(tool: string, permit: PermitSpec, cause: unknown): AppError {
  const isRead = permit.kind === 'read';
  return new AppError(
    {
      code: 'mcp.server-not-running',
      message: `kubernetes-mcp-server ended during ${tool}${isRead ? ', twice in a row' : ''}.`,
      remedy: isRead
        ? 'Try again; if it stays, run the self-check.'
        : 'It is not known whether this ran: look at the object, then try again.',
      cluster: permit.cluster,
      tool,
    },
    { cause },
  );
}
