import { Forever } from './run.ts';
import type { Shell } from './run.ts';

type Builtin = (shell: Shell, args: string[], input: string) => number;

/** Programs that would serve until they are stopped. */
const servers = /^(httpd|nginx|nc|redis-server|postgres|mysqld|java|node|python3?|pause|envoy|sleep-forever)$/;

/** A name that is none of ours: a server that stays, or what a shell says of a program that is not there. */
export function outsideCommand(shell: Shell, name: string, args: string[]): number {
  if (servers.test(name) && !args.includes('--version')) throw new Forever();
  shell.write(`sh: ${name}: not found\n`, 2);
  return 127;
}

function read(shell: Shell, path: string): string | undefined {
  return shell.surroundings.files.get(path.startsWith('/') ? path : `/${path}`.replace('/./', '/'));
}

/** The text of the named files, or of the pipe where none is named; undefined after saying what is missing. */
function source(shell: Shell, command: string, paths: string[], input: string): string | undefined {
  if (paths.length === 0) return input;
  let text = '';
  for (const path of paths) {
    const content = read(shell, path);
    if (content === undefined) {
      shell.write(`${command}: can't open '${path}': No such file or directory\n`, 2);
      return undefined;
    }
    text += content;
  }
  return text;
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function escapes(text: string): string {
  const meanings: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
  return text.replace(/\\([ntr\\])/g, (whole, letter: string) => meanings[letter] ?? whole);
}

const echo: Builtin = (shell, args) => {
  const flags = /^-[ne]+$/.test(args[0] ?? '') ? (args[0] ?? '') : '';
  const text = args.slice(flags ? 1 : 0).join(' ');
  shell.write((flags.includes('e') ? escapes(text) : text) + (flags.includes('n') ? '' : '\n'));
  return 0;
};

const printf: Builtin = (shell, [format = '', ...values]) => {
  const rest = [...values];
  shell.write(
    escapes(format).replace(/%([sd%])/g, (_whole, kind: string) =>
      kind === '%' ? '%' : (rest.shift() ?? (kind === 'd' ? '0' : '')),
    ),
  );
  return 0;
};

const ls: Builtin = (shell, args) => {
  const path = args.find((one) => !one.startsWith('-')) ?? '/';
  const folder = path === '/' || path === '.' ? '/' : `${path.replace(/\/$/, '')}/`;
  const { files } = shell.surroundings;
  if (files.has(path)) {
    shell.write(`${path}\n`);
    return 0;
  }
  const names = [...files.keys()]
    .filter((one) => one.startsWith(folder))
    .map((one) => one.slice(folder.length).split('/')[0] ?? '');
  if (names.length === 0) {
    shell.write(`ls: ${path}: No such file or directory\n`, 2);
    return 1;
  }
  const isAll = args.some((one) => /^-\w*a/.test(one));
  for (const name of [...new Set(names)].sort()) if (isAll || !name.startsWith('.')) shell.write(`${name}\n`);
  return 0;
};

const cat: Builtin = (shell, args, input) => {
  const text = source(
    shell,
    'cat',
    args.filter((one) => !one.startsWith('-')),
    input,
  );
  if (text === undefined) return 1;
  shell.write(text);
  return 0;
};

const env: Builtin = (shell, args) => {
  if (args[0] && !args[0].includes('=')) {
    const value = Object.hasOwn(shell.env, args[0]) ? shell.env[args[0]] : undefined;
    if (value !== undefined) shell.write(`${value}\n`);
    return value === undefined ? 1 : 0;
  }
  for (const [name, value] of Object.entries(shell.env)) shell.write(`${name}=${value}\n`);
  return 0;
};

const date: Builtin = (shell, args) => {
  const iso = new Date(shell.now()).toISOString();
  if (args.includes('+%s')) shell.write(`${String(Math.floor(shell.now() / 1000))}\n`);
  else if (args.some((one) => one.startsWith('-I') || one.startsWith('+%Y') || one.startsWith('+%F'))) {
    shell.write(`${iso.slice(0, 19)}+00:00\n`);
  } else shell.write(`${new Date(shell.now()).toUTCString().replace('GMT', 'UTC')}\n`);
  return 0;
};

const sleep: Builtin = (shell, [text = '0']) => {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  const factor = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] ?? ''] ?? 1;
  const seconds = match ? Number(match[1]) * factor : Infinity;
  if (!match && !/^inf/.test(text)) {
    shell.write(`sleep: invalid number '${text}'\n`, 2);
    return 1;
  }
  if (seconds > 30 * 86_400) throw new Forever();
  shell.atMs += seconds * 1000;
  return 0;
};

const tail: Builtin = (shell, args, input) => {
  const paths = args.filter((one, index) => !one.startsWith('-') && args[index - 1] !== '-n');
  if (paths.includes('/dev/zero')) throw new Forever(undefined, true);
  if (args.some((one) => /^-\w*[fF]/.test(one))) throw new Forever();
  return edge(shell, 'tail', args, input);
};

function edge(shell: Shell, command: 'head' | 'tail', args: string[], input: string): number {
  const count = Number(args[args.indexOf('-n') + 1] ?? 10);
  const direct = args.find((one) => /^-\d+$/.test(one));
  const number = direct ? Number(direct.slice(1)) : args.includes('-n') ? count : 10;
  const paths = args.filter((one, index) => !one.startsWith('-') && args[index - 1] !== '-n');
  const text = source(shell, command, paths, input);
  if (text === undefined) return 1;
  const all = lines(text);
  const chosen = command === 'head' ? all.slice(0, number) : all.slice(-number);
  shell.write(chosen.map((one) => `${one}\n`).join(''));
  return 0;
}

const grep: Builtin = (shell, args, input) => {
  const flags = args.filter((one) => one.startsWith('-')).join('');
  const [pattern = '', ...paths] = args.filter((one) => !one.startsWith('-'));
  const text = source(shell, 'grep', paths, input);
  if (text === undefined) return 2;
  const wanted = flags.includes('i') ? pattern.toLowerCase() : pattern;
  const found = lines(text).filter(
    (one) => (flags.includes('i') ? one.toLowerCase() : one).includes(wanted) !== flags.includes('v'),
  );
  if (flags.includes('c')) shell.write(`${String(found.length)}\n`);
  else if (!flags.includes('q')) shell.write(found.map((one) => `${one}\n`).join(''));
  return found.length > 0 ? 0 : 1;
};

const wc: Builtin = (shell, args, input) => {
  const text = source(
    shell,
    'wc',
    args.filter((one) => !one.startsWith('-')),
    input,
  );
  if (text === undefined) return 1;
  const counts = {
    l: lines(text).length,
    w: text.split(/\s+/).filter((one) => one !== '').length,
    c: Buffer.byteLength(text),
  };
  const chosen = Object.entries(counts).filter(([key]) => args.includes(`-${key}`));
  const shown = chosen.length > 0 ? chosen : Object.entries(counts);
  shell.write(`${shown.map(([, value]) => String(value)).join(' ')}\n`);
  return 0;
};

const test: Builtin = (shell, args) => {
  const list = args.at(-1) === ']' ? args.slice(0, -1) : args;
  const [first = '', operator = '', last = ''] = list;
  if (first === '!') return test(shell, list.slice(1), '') === 0 ? 1 : 0;
  if (list.length === 1) return first === '' ? 1 : 0;
  if (list.length === 2) {
    const isFile = shell.surroundings.files.has(operator);
    const answers: Record<string, boolean> = {
      '-n': operator !== '',
      '-z': operator === '',
      '-f': isFile,
      '-e': isFile,
      '-s': isFile,
      '-r': isFile,
    };
    return (answers[first] ?? false) ? 0 : 1;
  }
  const [a, b] = [Number(first), Number(last)];
  const answers: Record<string, boolean> = {
    '=': first === last,
    '==': first === last,
    '!=': first !== last,
    '-eq': a === b,
    '-ne': a !== b,
    '-gt': a > b,
    '-ge': a >= b,
    '-lt': a < b,
    '-le': a <= b,
  };
  return (answers[operator] ?? false) ? 0 : 1;
};

const says =
  (text: (shell: Shell) => string): Builtin =>
  (shell) => {
    shell.write(`${text(shell)}\n`);
    return 0;
  };

const quiet: Builtin = () => 0;

const offline: Builtin = (shell, args) => {
  const target = args.find((one) => !one.startsWith('-')) ?? '';
  shell.write(`demo container: there is no network here, ${target} was not asked\n`, 2);
  return 1;
};

const seq: Builtin = (shell, args) => {
  const [from, to] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0] ?? 0)];
  for (let value = from; value <= Math.min(to, from + 10_000); value += 1) shell.write(`${String(value)}\n`);
  return 0;
};

const remove: Builtin = (shell, args) => {
  for (const path of args.filter((one) => !one.startsWith('-'))) shell.surroundings.files.delete(path);
  return 0;
};

const exportNames: Builtin = (shell, args) => {
  for (const one of args) {
    const [name = '', ...value] = one.split('=');
    if (one.includes('=')) shell.env[name] = value.join('=');
  }
  return 0;
};

/** Every command that a demo container has. */
export const builtins: Record<string, Builtin> = {
  echo,
  printf,
  ls,
  cat,
  env,
  printenv: env,
  date,
  sleep,
  tail,
  head: (shell, args, input) => edge(shell, 'head', args, input),
  grep,
  wc,
  test,
  '[': test,
  seq,
  rm: remove,
  export: exportNames,
  true: quiet,
  ':': quiet,
  false: () => 1,
  mkdir: quiet,
  cp: quiet,
  touch: (shell, args) => {
    for (const path of args) shell.surroundings.files.set(path, shell.surroundings.files.get(path) ?? '');
    return 0;
  },
  set: quiet,
  cd: quiet,
  trap: quiet,
  wait: () => {
    throw new Forever();
  },
  pwd: says(() => '/'),
  whoami: says(() => 'root'),
  id: says(() => 'uid=0(root) gid=0(root) groups=0(root)'),
  hostname: says((shell) => shell.surroundings.hostname),
  uname: says((shell) => `Linux ${shell.surroundings.hostname} 6.12.0-demo #1 SMP x86_64 Linux`),
  ps: says(() => 'PID   USER     TIME  COMMAND\n    1 root      0:00 {demo} a container of the demo cluster'),
  df: says(
    () =>
      'Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay               82045336  32818132  49227204  40% /',
  ),
  wget: offline,
  curl: offline,
  ping: offline,
  nslookup: offline,
};
