/**
 * `kubectl logs`. The MCP server's tool where it says the same: one container, whole or its tail. Directly for what the
 * tool does not have: following, times, prefixes, limits, and a log that is empty (the tool says so in a sentence).
 */
import type { LogLine } from '../../../shared/commands.ts';
import type { Call } from '../call.ts';
import { CommandError, invalid } from '../command-error.ts';
import { LineBatch } from '../line-batch.ts';
import { logTargets, type LogTarget } from '../log-targets.ts';
import type { Outcome, Follow } from '../outcome.ts';
import { AppError } from '../../../shared/errors.ts';
import { linesOf } from '../watch-stream.ts';

/** "All lines", for a tool whose tail cannot say so. */
const everything = 10_000_000;
/** Most lines that a view is given at once. */
const mostLines = 50_000;

interface Options {
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  readonly sinceTime: string;
  readonly timestamps: boolean;
  readonly limitBytes: number | null;
  readonly previous: boolean;
  readonly prefix: boolean;
  readonly follow: boolean;
}

export async function logs(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  const selector = flags.text('selector') ?? '';
  const options = optionsOf(call, selector);
  const { targets, notes } = await logTargets(call, {
    object: args[0],
    container: args[1] ?? flags.text('container') ?? '',
    selector,
    allContainers: flags.is('all-containers'),
    allPods: flags.is('all-pods'),
  });
  call.reader.markLead();
  if (options.follow) return following(call, targets, options, notes);
  const parts: { target: LogTarget; text: string }[] = [];
  const failures: CommandError[] = [];
  for (const target of targets) {
    try {
      parts.push({ target, text: await textOf(call, target, options, targets.length) });
    } catch (error) {
      if (!(error instanceof CommandError) || targets.length === 1) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (parts.length === 0 && first !== undefined) throw first;
  const text = (): string => parts.map(({ target, text: part }) => prefixed(part, target, options)).join('');
  const isForgiven = flags.is('ignore-errors');
  const several = targets.length > 1 || options.prefix;
  const lines = parts.flatMap(({ target, text: part }) =>
    logLines(part, several ? `${target.pod}/${target.container}` : null),
  );
  return {
    body: { kind: 'logs', lines: lines.slice(-mostLines), truncated: lines.length > mostLines },
    text: () => (call.form === 'view' && !options.timestamps ? lines.map((line) => `${line.text}\n`).join('') : text()),
    notes: isForgiven ? [...notes, ...failures.map(({ stderr }) => stderr)] : notes,
    exitCode: failures.length === 0 || isForgiven ? 0 : 1,
    failures: isForgiven ? [] : failures,
    follow: null,
  };
}

function optionsOf({ invocation: { flags, args } }: Call, selector: string): Options {
  const usage =
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples";
  if (args.length > 2 || (args.length === 0 && selector === ''))
    throw invalid(usage, 'Name a pod, such as kubectl logs web-1.');
  if (args.length === 1 && selector !== '')
    throw invalid("only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples");
  if (args.length === 2 && flags.has('container'))
    throw invalid('only one of -c or an inline [CONTAINER] arg is allowed');
  const container = args[1] ?? flags.text('container') ?? '';
  if (flags.is('all-containers') && container !== '') {
    throw invalid(`--all-containers=true should not be specified with container name ${container}`);
  }
  const since = flags.duration('since') ?? 0;
  const sinceTime = flags.text('since-time') ?? '';
  if (sinceTime !== '' && since !== 0) throw invalid('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (sinceTime !== '' && Number.isNaN(Date.parse(sinceTime)))
    throw invalid(
      `parsing time "${sinceTime}" as "2006-01-02T15:04:05Z07:00": cannot parse "${sinceTime}" as "2006"`,
      'Give a time such as 2026-01-31T10:00:00Z.',
    );
  const tail = flags.number('tail') ?? -1;
  const limit = flags.number('limit-bytes') ?? 0;
  if (limit < 0) throw invalid('--limit-bytes must be greater than 0');
  if (since < 0) throw invalid('--since must be greater than 0');
  if (tail < -1) throw invalid('--tail must be greater than or equal to -1');
  return {
    tail: tail >= 0 ? tail : selector !== '' && !flags.has('tail') ? 10 : null,
    sinceSeconds: since === 0 ? null : Math.round(since / 1000),
    sinceTime,
    timestamps: flags.is('timestamps'),
    limitBytes: limit === 0 ? null : limit,
    previous: flags.is('previous'),
    prefix: flags.is('prefix') || flags.is('all-pods'),
    follow: flags.is('follow'),
  };
}

/** Whether the tool says exactly what the API server does. */
function toolCan(options: Options, count: number): boolean {
  const { tail, sinceSeconds, sinceTime, timestamps, limitBytes } = options;
  return count === 1 && tail !== 0 && sinceSeconds === null && sinceTime === '' && !timestamps && limitBytes === null;
}

async function textOf(call: Call, target: LogTarget, options: Options, count: number): Promise<string> {
  if (toolCan(options, count)) {
    const text = await byTool(call, target, options);
    if (text !== null) return text;
  }
  const { path, query } = requestOf(target, options, call.form === 'view');
  return call.reader.text(path, query, 'text/plain, */*');
}

async function byTool(
  { reader }: Call,
  { pod, namespace, container }: LogTarget,
  options: Options,
): Promise<string | null> {
  try {
    const args = {
      name: pod,
      namespace,
      container,
      tail: options.tail ?? everything,
      ...(options.previous ? { previous: true } : {}),
    };
    const answer = await reader.tool('pods_log', args, 'table');
    // A failure is asked again directly, for the server's own words; so is the tool's sentence about an empty log.
    if (!answer.isError && !/^The pod \S+ in namespace .*has not logged any message yet/.test(answer.text))
      return answer.text;
  } catch (error) {
    if (!(error instanceof AppError) || !error.failure.code.startsWith('mcp.')) throw error;
  }
  reader.forgetTool();
  return null;
}

function requestOf(target: LogTarget, options: Options, wantsTimes: boolean): { path: string; query: string } {
  const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}/log`;
  const query = new URLSearchParams();
  query.set('container', target.container);
  if (options.follow) query.set('follow', 'true');
  if (options.limitBytes !== null) query.set('limitBytes', String(options.limitBytes));
  if (options.previous) query.set('previous', 'true');
  if (options.sinceSeconds !== null) query.set('sinceSeconds', String(options.sinceSeconds));
  if (options.sinceTime !== '') query.set('sinceTime', options.sinceTime);
  if (options.tail !== null) query.set('tailLines', String(options.tail));
  // A view shows each line's time beside it; a byte limit would count the times too.
  if (options.timestamps || (wantsTimes && options.limitBytes === null)) query.set('timestamps', 'true');
  return { path, query: query.toString() };
}

function prefixed(text: string, { pod, container }: LogTarget, { prefix }: Options): string {
  if (!prefix || text === '') return text;
  return text.replace(/^(?=[^])/gm, `[pod/${pod}/${container}] `);
}

function logLines(text: string, from: string | null): LogLine[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map((line) => logLine(line, from));
}

/** A line with its time split off, where the server wrote one. */
function logLine(line: string, from: string | null): LogLine {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s.exec(line);
  const at = match === null ? NaN : Date.parse(match[1] ?? '');
  return Number.isNaN(at) ? { at: null, from, text: line } : { at, from, text: match?.[2] ?? '' };
}

function following(call: Call, targets: readonly LogTarget[], options: Options, notes: readonly string[]): Outcome {
  const most = call.invocation.flags.number('max-log-requests') ?? 5;
  if (targets.length > most) {
    throw invalid(
      `you are attempting to follow ${targets.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
    );
  }
  const several = targets.length > 1 || options.prefix;
  const follow: Follow = async (emit, cancelled) => {
    const batch = new LineBatch((lines) => emit({ lines, tables: [] }));
    // One stream that fails ends all, as in kubectl.
    const failed = new AbortController();
    const signal = AbortSignal.any([cancelled, failed.signal]);
    await Promise.all(
      targets.map(async (target) => {
        const { path, query } = requestOf(target, options, call.form === 'view');
        const from = several ? `${target.pod}/${target.container}` : null;
        const response = await call.reader.stream(path, query, 'text/plain, */*', signal);
        const stamped = call.form === 'view' && !options.timestamps;
        for await (const line of linesOf(response.body as AsyncIterable<Buffer>)) {
          const text =
            options.prefix && call.form === 'terminal' ? `[pod/${target.pod}/${target.container}] ${line}` : line;
          batch.add(stamped ? logLine(text, from) : { at: null, from, text });
        }
      }),
    ).finally(() => {
      failed.abort();
      batch.flush();
    });
  };
  return {
    body: { kind: 'logs', lines: [], truncated: false },
    text: () => '',
    notes,
    exitCode: 0,
    failures: [],
    follow,
  };
}
