/**
 * Runs a shell script in a container that does not exist: what it would write, when, and how it would end. Time passes
 * only in the result (`sleep` adds to it), so a container's whole life can be known when it starts.
 */
import { builtins, outsideCommand } from './builtins.ts';
import { ShellSyntaxError, matching, parseScript } from './parse.ts';
import type { Command, List, Redirect, Word } from './parse.ts';

export interface Output {
  /** Milliseconds after the start. */
  atMs: number;
  stream: 1 | 2;
  text: string;
}

/** A script's whole life. Where it never ends by itself `exitCode` is undefined and `again` says what repeats. */
export interface Life {
  output: Output[];
  durationMs: number;
  exitCode: number | undefined;
  again?: { everyMs: number; textAt: (at: number) => string };
  /** It eats memory until it is killed. */
  isGreedy: boolean;
}

export interface Surroundings {
  env: Record<string, string>;
  files: Map<string, string>;
  hostname: string;
  /** Epoch milliseconds at the start. */
  now: number;
}

/** Thrown to unwind: the script ends, or goes on for ever. */
class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}

/** Thrown by `break` and `continue` to the loop around them. */
class Leap extends Error {
  readonly isBreak: boolean;
  constructor(isBreak: boolean) {
    super('leap');
    this.isBreak = isBreak;
  }
}

export class Forever extends Error {
  readonly again: Life['again'];
  readonly isGreedy: boolean;
  constructor(again?: Life['again'], isGreedy = false) {
    super('forever');
    this.again = again;
    this.isGreedy = isGreedy;
  }
}

/** Runs `argv` as a container's process or an exec'd command. `input` is its standard input, whole. */
export function runCommand(argv: string[], surroundings: Surroundings, input = ''): Life {
  const shell = new Shell(surroundings);
  return shell.live(() => shell.invoke(argv, input));
}

export class Shell {
  readonly surroundings: Surroundings;
  readonly env: Record<string, string>;
  output: Output[] = [];
  atMs = 0;
  #status = 0;
  #background: Life['again'];

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.env = { ...surroundings.env };
  }

  /** Epoch milliseconds as the script sees them. */
  now(): number {
    return this.surroundings.now + this.atMs;
  }

  write(text: string, stream: 1 | 2 = 1): void {
    if (text !== '') this.output.push({ atMs: this.atMs, stream, text });
  }

  live(run: () => number): Life {
    const ended = (exitCode: number | undefined, again?: Life['again'], isGreedy = false): Life => ({
      output: this.output,
      durationMs: this.atMs,
      exitCode,
      isGreedy,
      ...(again ? { again } : {}),
    });
    try {
      return ended(run());
    } catch (error) {
      if (error instanceof Exit) return ended(error.code);
      if (error instanceof Leap) return ended(0);
      if (error instanceof Forever) return ended(undefined, error.again ?? this.#background, error.isGreedy);
      throw error;
    }
  }

  script(text: string): number {
    let list: List;
    try {
      list = parseScript(text);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      this.write(`sh: ${error.message}\n`, 2);
      return 2;
    }
    return this.#list(list);
  }

  /** One command by its words; `input` is what a pipe brings. */
  invoke(argv: string[], input: string): number {
    const [name = '', ...args] = argv;
    if (name === 'exit') throw new Exit(Number(args[0] ?? this.#status) & 255);
    if (name === 'break' || name === 'continue') throw new Leap(name === 'break');
    if (name === 'exec') return args.length > 0 ? this.#replace(args, input) : 0;
    const short = name.replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
    if (/^(sh|bash|ash)$/.test(short)) {
      const at = args.findIndex((one) => /^-[a-z]*c$/.test(one));
      return at < 0 ? 0 : this.#subshell(() => this.script(args[at + 1] ?? ''));
    }
    const builtin = Object.hasOwn(builtins, short) ? builtins[short] : undefined;
    return builtin ? builtin(this, args, input) : outsideCommand(this, short, args);
  }

  #replace(args: string[], input: string): number {
    throw new Exit(this.invoke(args, input));
  }

  #subshell(run: () => number): number {
    try {
      return run();
    } catch (error) {
      if (error instanceof Exit) return error.code;
      throw error;
    }
  }

  #list(list: List): number {
    for (const { after, pipeline, isBackground } of list) {
      if (after === '&&' && this.#status !== 0) continue;
      if (after === '||' && this.#status === 0) continue;
      this.#status = isBackground ? this.#inBackground(pipeline) : this.#pipeline(pipeline);
    }
    return this.#status;
  }

  #inBackground(pipeline: Command[]): number {
    const before = this.atMs;
    try {
      this.#pipeline(pipeline);
    } catch (error) {
      if (!(error instanceof Forever)) throw error;
      this.#background = error.again;
    }
    this.atMs = before;
    return 0;
  }

  #pipeline(commands: Command[]): number {
    let input = '';
    let status = 0;
    for (const [index, command] of commands.entries()) {
      const isLast = index === commands.length - 1;
      const kept = this.output;
      if (!isLast) this.output = [];
      try {
        status = this.#command(command, input);
      } finally {
        if (!isLast) {
          input = this.output
            .filter((one) => one.stream === 1)
            .map((one) => one.text)
            .join('');
          kept.push(...this.output.filter((one) => one.stream === 2));
          this.output = kept;
        }
      }
    }
    return status;
  }

  #command(command: Command, input: string): number {
    const before = this.output.length;
    try {
      return this.#run(command, input);
    } finally {
      this.#redirect(command.redirects, before);
    }
  }

  #run(command: Command, input: string): number {
    switch (command.kind) {
      case 'group':
        return command.isSubshell ? this.#subshell(() => this.#list(command.body)) : this.#list(command.body);
      case 'if': {
        if (this.#list(command.condition) === 0) return this.#list(command.body);
        this.#status = 0;
        return command.otherwise ? this.#list(command.otherwise) : 0;
      }
      case 'for': {
        for (const value of command.words.flatMap((word) => this.#expand(word))) {
          this.env[command.name] = value;
          if (this.#round(command.body)) break;
        }
        return this.#status;
      }
      case 'while':
        return this.#while(command.condition, command.body, command.isUntil);
      case 'simple':
        return this.#simple(command.words, input);
    }
  }

  /** A loop that a thousand rounds do not end is one that never ends: what it writes per round then repeats. */
  #while(condition: List, body: List, isUntil: boolean): number {
    for (let round = 0; round < 1000; round += 1) {
      const isTrue = this.#list(condition) === 0;
      if (isTrue === isUntil) return 0;
      const startMs = this.atMs;
      if (this.#round(body)) return this.#status;
      const isEndless = condition.length === 1 && ['true', ':'].includes(plain(condition)) && round >= 2;
      if (isEndless) this.#repeat(body, Math.max(this.atMs - startMs, 100));
    }
    return this.#repeat(body, 1000);
  }

  /** One round of a loop; true where it says `break`. */
  #round(body: List): boolean {
    try {
      this.#status = this.#list(body);
      return false;
    } catch (error) {
      if (error instanceof Leap) return error.isBreak;
      throw error;
    }
  }

  #repeat(body: List, everyMs: number): never {
    const { surroundings, env } = this;
    throw new Forever({
      everyMs,
      textAt: (now) => {
        const shell = new Shell({ ...surroundings, env, now });
        shell.live(() => shell.#list(body));
        return shell.output.map((one) => one.text).join('');
      },
    });
  }

  #simple(words: Word[], input: string): number {
    const argv = words.flatMap((word) => this.#expand(word));
    while (argv.length > 0 && /^[A-Za-z_]\w*=/.test(argv[0] ?? '')) {
      const [name = '', ...value] = (argv.shift() ?? '').split('=');
      this.env[name] = value.join('=');
    }
    return argv.length > 0 ? this.invoke(argv, input) : 0;
  }

  #redirect(redirects: Redirect[], before: number): void {
    for (const { from, to, appends } of redirects) {
      const fresh = this.output.splice(before);
      const moved = fresh.filter((one) => one.stream === from);
      if (to === 1 || to === 2) {
        this.output.push(...fresh.map((one) => (one.stream === from ? { ...one, stream: to } : one)));
        continue;
      }
      this.output.push(...fresh.filter((one) => one.stream !== from));
      const path = this.#expand(to).join(' ');
      const text = moved.map((one) => one.text).join('');
      const { files } = this.surroundings;
      if (path !== '/dev/null') files.set(path, appends ? (files.get(path) ?? '') + text : text);
    }
  }

  #expand(word: Word): string[] {
    let text = '';
    let isQuoted = false;
    for (const part of word) {
      if (part.quote !== '') isQuoted = true;
      text += part.quote === "'" ? part.text : this.#substitute(part.text, part.quote === '"');
    }
    if (isQuoted) return [text];
    return text.split(/\s+/).filter((one) => one !== '');
  }

  #substitute(text: string, isQuoted: boolean): string {
    let result = '';
    for (let at = 0; at < text.length;) {
      const rest = text.slice(at);
      if (isQuoted && /^\\["$`\\]/.test(rest)) {
        result += rest.charAt(1);
        at += 2;
      } else if (rest.startsWith('$(')) {
        const length = matching(rest);
        result += this.#capture(rest.slice(2, length - 1));
        at += length;
      } else {
        const match = /^\$(?:([A-Za-z_]\w*|\?|\$)|\{(\w+)(?::?-([^}]*))?\})/.exec(rest);
        result += match ? this.#variable(match[1] ?? match[2] ?? '', match[3]) : rest.charAt(0);
        at += match ? match[0].length : 1;
      }
    }
    return result;
  }

  #variable(name: string, otherwise: string | undefined): string {
    if (name === '?') return String(this.#status);
    if (name === '$') return '1';
    const value = Object.hasOwn(this.env, name) ? this.env[name] : undefined;
    return value || (otherwise ?? value ?? '');
  }

  #capture(script: string): string {
    const kept = this.output;
    this.output = [];
    try {
      this.#status = this.#subshell(() => this.script(script));
      return this.output
        .filter((one) => one.stream === 1)
        .map((one) => one.text)
        .join('')
        .replace(/\n+$/, '');
    } finally {
      this.output = kept;
    }
  }
}

function plain(list: List): string {
  const command = list[0]?.pipeline[0];
  return command?.kind === 'simple'
    ? command.words.map((word) => word.map((part) => part.text).join('')).join(' ')
    : '';
}
