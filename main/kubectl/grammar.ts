/**
 * kubectl's grammar: a lexed line becomes an Invocation, by the tables of verb-flags.ts. Flags stand anywhere, as
 * `--flag value`, `--flag=value`, `-n ns`, `-nns`, `-n=ns` or bundled (`-Aw`), and end at `--`.
 * Promises: an unknown verb or flag ends in kubectl's own words, with what is nearest to it; a verb of kubectl's that
 * this app does not have says so, and is never taken for another.
 */
import { CommandError, invalid, misused, unsupported } from './command-error.ts';
import { Flags, parseDuration, type Invocation } from './invocation.ts';
import { lex, type Word } from './lexer.ts';
import { nearest, suggest } from './suggest.ts';
import type { FlagSpec } from './flag-spec.ts';
import { globalFlags, refusedGlobals } from './global-flags.ts';
import { verbTable } from './verb-flags.ts';
import { groupVerbs, otherVerbs, verbAliases } from './verb-names.ts';

/** Throws AppError 'command.invalid' or 'command.unsupported', worded as kubectl words it. */
export function parse(line: string): Invocation {
  const [first = [], ...rest] = lex(line);
  const words = /^(kubectl|k)$/.test(first[0]?.text ?? '') ? first.slice(1) : first;
  if (rest.some((stage) => stage.length === 0)) {
    throw invalid("there is nothing after '|'", "Name a filter after '|': grep, head, tail, wc, sort or jq.");
  }
  const topic = helpTopic(words);
  if (topic !== null) return helpOf(line, topic, rest);
  const { verb, tail, leading } = findVerb(words);
  const { args, values } = readFlags(verb, [...leading, ...tail]);
  const flags = new Flags(values);
  const refused = refusedGlobals.find((name) => flags.has(name));
  if (refused !== undefined) {
    throw unsupported(
      `--${refused} is not taken from a command`,
      refused === 'kubeconfig'
        ? 'Start the app with --kubeconfig, or choose the cluster with --context.'
        : 'Choose the cluster with --context; server and identity come from the kubeconfig.',
    );
  }
  return {
    line,
    verb,
    args,
    flags,
    pipes: rest.map((stage) => ({ words: stage })),
    namespace: flags.text('namespace'),
    context: flags.text('context'),
  };
}

function helpOf(line: string, topic: string, stages: readonly (readonly Word[])[]): Invocation {
  return {
    line,
    verb: 'help',
    args: topic === '' ? [] : topic.split(' '),
    flags: new Flags(new Map()),
    pipes: stages.map((stage) => ({ words: stage })),
    namespace: undefined,
    context: undefined,
  };
}

/** What `help VERB`, `-h` or `--help` ask about: '' is kubectl itself. Null where they are not there. */
function helpTopic(words: readonly Word[]): string | null {
  const end = words.findIndex(({ text }) => text === '--');
  const before = end < 0 ? words : words.slice(0, end);
  const named = before.slice(firstOperand(before));
  const isVerb = named[0]?.text === 'help';
  if (!isVerb && !before.some(({ text }) => text === '-h' || text === '--help')) return null;
  const [first, second] = (isVerb ? named.slice(1) : named).filter(({ text }) => !text.startsWith('-'));
  if (first === undefined) return '';
  if (groupVerbs.has(first.text) && second === undefined) return first.text;
  return findVerb(second === undefined ? [first] : [first, second]).verb;
}

/** Where the flags before the verb end. */
function firstOperand(words: readonly Word[]): number {
  let at = 0;
  while (at < words.length && (words[at]?.text ?? '').startsWith('-')) at += takesNext(words[at]?.text ?? '') ? 2 : 1;
  return at;
}

/** The verb of the words; global flags may stand before it. */
function findVerb(words: readonly Word[]): { verb: string; tail: readonly Word[]; leading: readonly Word[] } {
  const at = firstOperand(words);
  const leading = words.slice(0, at);
  const first = words[at]?.text;
  if (first === undefined) {
    throw invalid(
      'a verb is missing',
      `Type one of: ${[...new Set([...verbTable.keys()].map(firstWord))].join(', ')}.`,
    );
  }
  if (groupVerbs.has(first)) return subVerb(first, words, at, leading);
  const verb = verbAliases.get(first) ?? first;
  if (verbTable.has(verb)) return { verb, tail: words.slice(at + 1), leading };
  const other = otherVerbs.get(verb);
  if (other !== undefined) throw notHere(verb, other);
  throw unknownVerb(first);
}

function subVerb(
  group: string,
  words: readonly Word[],
  at: number,
  leading: readonly Word[],
): { verb: string; tail: readonly Word[]; leading: readonly Word[] } {
  const second = words[at + 1]?.text;
  const below = [...verbTable.keys()]
    .filter((name) => name.startsWith(`${group} `))
    .map((name) => name.slice(group.length + 1));
  if (second === undefined || second.startsWith('-')) {
    throw invalid(`a word is missing after '${group}'`, `Type kubectl ${group} with one of: ${below.join(', ')}.`);
  }
  const typed = `${group} ${second}`;
  const verb = verbAliases.get(typed) ?? typed;
  if (verbTable.has(verb)) return { verb, tail: words.slice(at + 2), leading };
  const other = otherVerbs.get(verb);
  if (other !== undefined) throw notHere(verb, other);
  throw new CommandError(
    'command.invalid',
    `error: unknown command "${second}"\nSee 'kubectl ${group} -h' for help and examples`,
    near(second, below) ?? `Type one of: ${below.join(', ')}.`,
  );
}

function notHere(verb: string, instead: string): CommandError {
  return unsupported(
    `this version of the app does not have 'kubectl ${verb}'`,
    instead === '' ? 'Run it with kubectl itself.' : instead,
  );
}

function unknownVerb(typed: string): CommandError {
  const known = [
    ...new Set([...[...verbTable.keys()].map(firstWord), ...otherVerbs.keys()].filter((name) => !name.includes(' '))),
  ];
  const candidates = suggest(typed, known);
  const asked =
    candidates.length === 0 ? '' : `\n\nDid you mean this?\n${candidates.map((name) => `\t${name}`).join('\n')}\n`;
  return new CommandError(
    'command.invalid',
    `Error: unknown command "${typed}" for "kubectl"${asked}`,
    near(typed, known) ?? 'Type kubectl and a verb: get, describe, logs, top, events, scale, delete.',
  );
}

function near(word: string, candidates: Iterable<string>): string | null {
  const found = nearest(word, candidates);
  return found === null ? null : `Did you mean ${found}?`;
}

function firstWord(name: string): string {
  return name.split(' ')[0] ?? name;
}

function takesNext(word: string): boolean {
  if (word.includes('=')) return false;
  const spec = word.startsWith('--')
    ? globalFlags.find(({ name }) => name === word.slice(2))
    : globalFlags.find(({ short }) => short === word.slice(1));
  return spec !== undefined && spec.bare === undefined;
}

function readFlags(verb: string, words: readonly Word[]): { args: string[]; values: Map<string, string[]> } {
  const specs = [...(verbTable.get(verb)?.flags ?? []), ...globalFlags];
  const args: string[] = [];
  const values = new Map<string, string[]>();
  const set = (spec: FlagSpec, value: string, spelt: string): void => {
    check(spec, value, spelt, verb);
    const kept = spec.kind === 'boolean' ? String(/^(1|t|true)$/i.test(value)) : value;
    values.set(spec.name, [...(values.get(spec.name) ?? []), kept]);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]?.text ?? '';
    if (word === '--') {
      args.push(...words.slice(at + 1).map(({ text }) => text));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = word.slice(2, equals < 0 ? undefined : equals);
      const spec = specs.find((one) => one.name === name);
      if (spec === undefined) {
        throw misused(
          `unknown flag: --${name}`,
          verb,
          near(
            name,
            specs.map((one) => one.name),
          )?.replace('mean ', 'mean --'),
        );
      }
      const spelt = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
      if (equals >= 0) set(spec, word.slice(equals + 1), spelt);
      else if (spec.bare !== undefined) set(spec, spec.bare, spelt);
      else {
        at += 1;
        const value = words[at];
        if (value === undefined) throw misused(`flag needs an argument: --${name}`, verb);
        set(spec, value.text, spelt);
      }
    } else if (word.startsWith('-') && word.length > 1) {
      at = readShort(word, at);
    } else {
      args.push(word);
    }
  }
  return { args, values };

  /** `-Aw`, `-nshop`, `-n=shop`, `-n shop`; gives the place of the last word read. */
  function readShort(word: string, start: number): number {
    let letters = word.slice(1);
    while (letters !== '') {
      const letter = letters[0] ?? '';
      const spec = specs.find(({ short }) => short === letter);
      if (spec === undefined) throw misused(`unknown shorthand flag: '${letter}' in ${word}`, verb);
      const spelt = `-${letter}, --${spec.name}`;
      const rest = letters.slice(1);
      if (rest.startsWith('=')) {
        set(spec, rest.slice(1), spelt);
        return start;
      }
      if (spec.bare !== undefined) {
        set(spec, spec.bare, spelt);
        letters = rest;
        continue;
      }
      if (rest !== '') {
        set(spec, rest, spelt);
        return start;
      }
      const value = words[start + 1];
      if (value === undefined) throw misused(`flag needs an argument: '${letter}' in ${word}`, verb);
      set(spec, value.text, spelt);
      return start + 1;
    }
    return start;
  }
}

function check(spec: FlagSpec, value: string, spelt: string, verb: string): void {
  const wrong = (why: string): CommandError => misused(`invalid argument "${value}" for "${spelt}" flag: ${why}`, verb);
  if (spec.kind === 'boolean' && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) {
    throw wrong(`strconv.ParseBool: parsing "${value}": invalid syntax`);
  }
  if (spec.kind === 'integer' && !/^[+-]?\d+$/.test(value)) {
    throw wrong(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  }
  if (spec.kind === 'duration' && spec.name !== 'request-timeout' && parseDuration(value) === null) {
    throw wrong(
      /^\d+$/.test(value) ? `time: missing unit in duration "${value}"` : `time: invalid duration "${value}"`,
    );
  }
}
