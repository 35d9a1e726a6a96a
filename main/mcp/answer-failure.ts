import type { ErrorCode, Failure } from '../../shared/errors.ts';
import type { RequestRecord } from '../gate/permits.ts';
import type { ToolAnswer } from './tool-answer.ts';

/**
 * Why a tool failed, null where it did not. The tool's answer is text alone, in which 403 and 404 look alike and differ
 * from tool to tool; the gate saw what the API server really said, so that decides, and the text only where nothing went
 * wrong at the gate. `clusterName` is the display name.
 */
export function failureOfAnswer(
  answer: Pick<ToolAnswer, 'text' | 'isError' | 'report'>,
  clusterName: string,
): Failure | null {
  if (!answer.isError) return null;
  const record = decisive(answer.report.requests);
  return record === null ? failureOfText(answer.text, clusterName) : failureOfRecord(record, answer.text, clusterName);
}

/** The last request that failed: a tool stops at its first failure, but retries and looks up kinds before. */
function decisive(requests: readonly RequestRecord[]): RequestRecord | null {
  return requests.findLast(({ code, status }) => code !== null || status >= 400) ?? null;
}

function failureOfRecord(record: RequestRecord, text: string, clusterName: string): Failure {
  const code = record.code ?? codeOfStatus(record.status);
  const said = record.refused ?? record.failure?.message ?? text;
  return { code, message: sentence(clusterName, said), remedy: remedyOf(code), cluster: clusterName };
}

/** What an error status of an API server means to the person. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 405:
    case 406:
    case 413:
    case 415:
    case 422:
      return 'cluster.invalid';
    case 401:
      return 'cluster.unauthorized';
    case 403:
      return 'cluster.forbidden';
    case 404:
    case 410:
      return 'cluster.not-found';
    case 409:
      return 'cluster.conflict';
    case 429:
      return 'cluster.busy';
    default:
      return 'cluster.failed';
  }
}

/** Failures that end inside the server, before any request or without one that failed. */
const texts: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/unknown target/, 'cluster.unknown'],
  [/no matches for kind|RESOURCE_NOT_FOUND|metrics API is not available/, 'cluster.not-found'],
  [/resource not allowed|PERMISSION_DENIED/, 'gate.refused'],
  [/context deadline exceeded|Client\.Timeout exceeded/, 'mcp.timeout'],
];

function failureOfText(text: string, clusterName: string): Failure {
  const code = texts.find(([pattern]) => pattern.test(text))?.[1] ?? 'mcp.tool-failed';
  return { code, message: sentence(clusterName, text), remedy: remedyOf(code), cluster: clusterName };
}

function sentence(clusterName: string, said: string): string {
  const text = said.trim();
  const named = text.includes(clusterName) ? text : `Cluster ${clusterName}: ${text}`;
  return /[.!?]$/.test(named) ? named : `${named}.`;
}

const remedies = new Map<ErrorCode, string>([
  ['cluster.invalid', 'Change what the API server names, then try again.'],
  ['cluster.unauthorized', 'Renew the credentials of this context, then connect again.'],
  ['cluster.credentials', 'Renew the credentials of this context, then connect again.'],
  ['cluster.forbidden', 'Ask for this right, or use a namespace or context that has it.'],
  ['cluster.not-found', 'Check the name, the namespace and the kind; list what is there.'],
  ['cluster.conflict', 'The object has changed: look at it again, then repeat.'],
  ['cluster.busy', 'Wait a moment, then try again.'],
  ['cluster.failed', 'Try again; if it stays, look at the health of the API server.'],
  ['cluster.dns', 'Check the server address in the kubeconfig, and the network or VPN.'],
  ['cluster.unreachable', 'Check the network or VPN, and whether the API server runs.'],
  [
    'cluster.certificate',
    'Check certificate-authority and server address in the kubeconfig, and the clock of this machine.',
  ],
  ['cluster.circuit-open', 'Wait a moment, or connect to the cluster again.'],
  ['cluster.untrusted', 'Answer the questions of the trust check of this context.'],
  ['cluster.unknown', 'Choose a cluster of the list; if it was just added, try again.'],
  ['gate.refused', 'Ask for the change itself, so that it can be previewed and approved.'],
  ['gate.not-previewable', 'Run it outside the app, where you answer for it yourself.'],
  ['mcp.timeout', 'Try again with less (a namespace, a selector); if it stays, run the self-check.'],
]);

function remedyOf(code: ErrorCode): string {
  return remedies.get(code) ?? 'Check the arguments of the call; if they are right, run the self-check.';
}
