/** `kubectl help`, `-h` and `--help`: a verb's usage and flags, of the grammar's own table. */
import type { LocalCall } from '../call.ts';
import type { FlagSpec } from '../flag-spec.ts';
import { globalFlags, refusedGlobals } from '../global-flags.ts';
import { textOutcome, type Outcome } from '../outcome.ts';
import { verbTable, type VerbSpec } from '../verb-flags.ts';

export function help({ invocation }: LocalCall): Promise<Outcome> {
  return Promise.resolve(textOutcome(helpText(invocation.args.join(' '))));
}

/** Of a verb, of a word with verbs below it, or ('') of kubectl. */
export function helpText(topic: string): string {
  const spec = verbTable.get(topic);
  return spec === undefined ? verbList(topic) : verbText(topic, spec);
}

function verbList(group: string): string {
  const verbs = [...verbTable.entries()].filter(([name]) => group === '' || name.startsWith(`${group} `));
  return [
    `Commands${group === '' ? '' : ` of kubectl ${group}`}:`,
    ...columns(verbs.map(([name, { about }]) => [name, about])),
    '',
    `Usage:`,
    `  kubectl ${group === '' ? '' : `${group} `}COMMAND [flags]`,
    '',
    `kubectl COMMAND --help lists the flags of one.`,
    '',
  ].join('\n');
}

function verbText(verb: string, { about, flags, takes }: VerbSpec): string {
  const operands = usages[verb] ?? operandsOf[takes];
  const others = globalFlags.filter(
    ({ name, about: meaning }) => !refusedGlobals.includes(name) && !/^(No effect|Not taken)/.test(meaning),
  );
  return [
    `${about}.`,
    '',
    'Usage:',
    `  kubectl ${verb}${operands === '' ? '' : ` ${operands}`} [flags]`,
    '',
    ...(flags.length === 0 ? [] : ['Flags:', ...columns(flags.map(flagLine)), '']),
    'Flags of every command:',
    ...columns(others.map(flagLine)),
    '',
  ].join('\n');
}

const operandsOf: Readonly<Record<VerbSpec['takes'], string>> = {
  resources: '(TYPE [NAME...] | TYPE/NAME...)',
  pods: '(POD | TYPE/NAME) [CONTAINER]',
  nodes: '[NAME]',
  contexts: '[CONTEXT]',
  types: 'TYPE[.FIELD...]',
  access: 'VERB (TYPE[/NAME] | PATH)',
  nothing: '',
};
/** Where the operands are others than what the verb takes for completion. */
const usages: Readonly<Record<string, string>> = {
  'top pod': '[NAME]',
  'config use-context': 'CONTEXT',
  scale: '(TYPE NAME... | TYPE/NAME...) --replicas=COUNT',
  help: '[COMMAND]',
};

function flagLine({ name, short, kind, values, about }: FlagSpec): [string, string] {
  const value = kind === 'boolean' ? '' : `=${valueWords[kind]}`;
  const choice = values === undefined ? '' : ` (${values.map((one) => one.replace(/=$/, '=...')).join(', ')})`;
  return [`${short === undefined ? '    ' : `-${short}, `}--${name}${value}`, `${about}${choice}`];
}

const valueWords = { string: 'TEXT', integer: 'N', duration: 'DURATION', list: 'TEXT,...' } as const;

function columns(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
