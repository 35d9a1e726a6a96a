/** What runs behind the API: the nodes' side of Pods (logs, exec) and what is computed instead of stored (metrics). */
import type { Manifest, Pod } from './kinds.ts';

export interface LogRequest {
  container: string;
  previous: boolean;
  /** Last lines only; undefined for all. */
  tailLines?: number;
  /** Epoch milliseconds; lines before are left out. */
  since?: number;
  timestamps: boolean;
}

/** What a command in a container printed. */
export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** A scripted kubelet. */
export interface PodRuntime {
  /**
   * Lines of a container's log, each without its newline. @throws ApiError 400 where there is none (waiting, no
   * previous). With `follow` the lines so far come first, then `follow` is called for each new one until `signal` ends it.
   */
  logs(
    pod: Pod,
    request: LogRequest,
    follow?: { line: (text: string) => void; end: () => void; signal: AbortSignal },
  ): string[];
  /** Runs a command; `stdin` is what the client sent before it closed its side ('' without stdin). */
  exec(pod: Pod, container: string, command: string[], stdin: string): ExecResult;
  /** An HTTP GET that reached a kubelet through `nodes/NAME/proxy`: body, or undefined for 404. */
  nodeProxy?(node: string, path: string, query: string): { contentType: string; body: string } | undefined;
}

/** Objects that are made when asked for, such as those of metrics.k8s.io. They cannot be watched or written. */
export interface ComputedResource {
  list(namespace: string): Manifest[];
  get(namespace: string, name: string): Manifest | undefined;
}
