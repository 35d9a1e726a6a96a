import { runCommand } from '../shell/run.ts';
import type { Life } from '../shell/run.ts';
import { catalogue } from './catalogue.ts';
import { steadyLoad } from './load.ts';
import type { Launch, Program } from './program.ts';

const mebibyte = 2 ** 20;

/** Images that end at once when no command is given: their shell finds nothing to read. */
const shells = /(^|\/)(busybox|alpine|debian|ubuntu|box|bash)(:|@|$)/;

/** Names that say of themselves that there is nothing behind them. */
const nothing = /does-?not-?exist|non-?existent|no-such|missing|not-?found|invalid|^localhost:1\//;

/** Why an image cannot be pulled, or undefined where it can. Of the demo's own images only known tags exist. */
export function pullFailure(image: string): string | undefined {
  const { repository, tag } = parseImage(image);
  const known = Object.hasOwn(catalogue, repository) ? catalogue[repository] : undefined;
  const isAbsent = known ? !known.tags.includes(tag) : nothing.test(image) || repository.startsWith('demo/');
  if (!isAbsent) return undefined;
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
}

export function parseImage(image: string): { repository: string; tag: string } {
  const [, repository = image, tag = 'latest'] = /^(.*?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  return { repository, tag };
}

/** What a container does, from its image and command. `files` are those that volumes bring, by path. */
export function programFor(launch: Launch, files: Map<string, string>, now: number): Program {
  const { repository, tag } = parseImage(launch.image);
  const known = Object.hasOwn(catalogue, repository) ? catalogue[repository] : undefined;
  if (known && !launch.command) return known.program(launch, tag);
  const argv = [...(launch.command ?? []), ...(launch.args ?? [])];
  if (argv.length > 0 && (launch.command ?? shells.test(launch.image))) return fromCommand(launch, argv, files, now);
  if (shells.test(launch.image)) return fromCommand(launch, ['true'], files, now);
  return server(launch, repository);
}

function usageOf(launch: Launch): (at: number) => { cpuMillicores: number; memoryBytes: number } {
  const cpu = launch.cpuRequestMillicores > 0 ? launch.cpuRequestMillicores * 0.4 : 2;
  const asked = launch.memoryRequestBytes / mebibyte;
  const limit = launch.memoryLimitBytes / mebibyte;
  const memory = Math.min(asked > 0 ? asked * 0.6 : 12, limit * 0.7);
  return steadyLoad(launch.seed, cpu, memory);
}

function server(launch: Launch, repository: string): Program {
  const name = repository.split('/').at(-1) ?? repository;
  return {
    opening: [
      [40, `demo container of ${launch.image}: ${name} is not really running here`],
      [60, `${name} ready`],
    ],
    readyAfterMs: 1000,
    stopMs: 400,
    usage: usageOf(launch),
  };
}

function fromCommand(launch: Launch, argv: string[], files: Map<string, string>, now: number): Program {
  const surroundings = { env: launch.env, files: new Map(files), hostname: launch.podName, now };
  const life = runCommand(argv, surroundings);
  const usage = usageOf(launch);
  const idle = { readyAfterMs: 500, stopMs: 30_000, usage };
  const opening = openingOf(life);
  if (life.isGreedy && Number.isFinite(launch.memoryLimitBytes)) {
    const afterMs = life.durationMs + 600;
    return { ...idle, opening, ending: { afterMs, exitCode: 137, reason: 'OOMKilled', lines: [] } };
  }
  if (life.exitCode === undefined) {
    const { again } = life;
    if (!again) return { ...idle, opening };
    return {
      ...idle,
      opening,
      steady: { everyMs: again.everyMs, line: (_n, at) => again.textAt(at).replace(/\n$/, '') },
    };
  }
  const reason = life.exitCode === 0 ? 'Completed' : 'Error';
  return { ...idle, opening, ending: { afterMs: life.durationMs + 200, exitCode: life.exitCode, reason, lines: [] } };
}

/** Output pieces joined to lines, each at the time of its first piece. */
function openingOf(life: Life): [number, string][] {
  const lines: [number, string][] = [];
  let open: [number, string] | undefined;
  for (const { atMs, text } of life.output) {
    for (const piece of text.split(/(?<=\n)/)) {
      open ??= [atMs, ''];
      open[1] += piece.replace(/\n$/, '');
      if (piece.endsWith('\n')) {
        lines.push(open);
        open = undefined;
      }
    }
  }
  return open ? [...lines, open] : lines;
}
