/**
 * What can stand at the cursor: verbs, flags and their values, resource types, and the names of what is in the cluster
 * now. A cluster that does not answer gives no candidates and no error: the line can still be typed.
 */
import type { ApiResource } from '../clusters/cluster-access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Contexts } from './call.ts';
import { listAt, textAt, type Json } from './exact-json.ts';
import type { FlagSpec } from './flag-spec.ts';
import { globalFlags, refusedGlobals } from './global-flags.ts';
import { scan, type Word } from './lexer.ts';
import { filterNames } from './pipe.ts';
import type { Reader } from './reader.ts';
import { findType, pathOf, qualified } from './resource-names.ts';
import { verbTable, type VerbSpec } from './verb-flags.ts';
import { groupVerbs, verbAliases } from './verb-names.ts';

export interface CompleteParts {
  readonly contexts: Contexts;
  /** Throws AppError where there is no such cluster. */
  readonly open: (context: string | undefined) => { readonly reader: Reader; readonly namespace: string };
}

export interface CompleteInput {
  readonly line: string;
  readonly cursor: number;
}

export interface Candidate {
  readonly text: string;
  readonly label: string;
  readonly detail: string;
}

export interface Completions {
  /** From here to the cursor a candidate's text replaces the line. */
  readonly from: number;
  readonly candidates: Candidate[];
}

const most = 200;
/** Namespaces of this many objects and more are not listed whole. */
const pageSize = 500;

export async function complete({ line, cursor }: CompleteInput, parts: CompleteParts): Promise<Completions> {
  const head = line.slice(0, cursor);
  const { stages } = scan(head);
  const words = stages.at(-1) ?? [];
  const isFresh = head === '' || /\s$/.test(head);
  const current = isFresh
    ? { text: '', from: cursor, to: cursor }
    : (words.at(-1) ?? { text: '', from: cursor, to: cursor });
  const before = isFresh ? words : words.slice(0, -1);
  try {
    const after = scan(line.slice(cursor)).stages[0] ?? [];
    const found = await candidatesFor({ before, current, after, isPiped: stages.length > 1 }, parts);
    const fitting = found.candidates.filter(({ text }) => text.startsWith(found.typed) && text !== found.typed);
    return { from: found.from, candidates: fitting.slice(0, most) };
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && error.name === 'AbortError'))
      return { from: cursor, candidates: [] };
    throw error;
  }
}

interface Found {
  readonly from: number;
  /** What of the word is typed already. */
  readonly typed: string;
  readonly candidates: readonly Candidate[];
}

interface Position {
  readonly before: readonly Word[];
  readonly current: Word;
  /** What stands behind the cursor: a namespace there counts too. */
  readonly after: readonly Word[];
  readonly isPiped: boolean;
}

async function candidatesFor({ before, current, after, isPiped }: Position, parts: CompleteParts): Promise<Found> {
  const whole = (candidates: readonly Candidate[]): Found => ({ from: current.from, typed: current.text, candidates });
  if (isPiped) return whole(before.length === 0 ? filterNames.map((name) => candidate(name, 'filter')) : []);
  if (before.length === 0) return whole([candidate('kubectl', 'a command')]);
  if (!/^(kubectl|k)$/.test(before[0]?.text ?? '')) return whole([]);
  const { verb, rest } = verbOf(before.slice(1).map(({ text }) => text));
  if (verb === null) return whole(verbCandidates(rest));
  const spec = verbTable.get(verb);
  if (spec === undefined) return whole([]);
  const flags = [...spec.flags, ...globalFlags.filter(({ name }) => !refusedGlobals.includes(name))];
  const place = new Place(
    flags,
    rest,
    after.map(({ text }) => text),
    parts,
  );
  const assigned = /^(--[\w-]+|-\w)=(.*)$/s.exec(current.text);
  if (assigned !== null) {
    const [, name = '', value = ''] = assigned;
    return { from: current.to - value.length, typed: value, candidates: await place.values(name) };
  }
  if (place.open !== null) return whole(await place.values(place.open));
  if (current.text.startsWith('-')) {
    return whole(flags.map((flag) => candidate(`--${flag.name}${flag.bare === undefined ? '=' : ''}`, flag.about)));
  }
  return place.argument(verb, spec, current);
}

function candidate(text: string, detail: string): Candidate {
  return { text, label: text, detail };
}

/** The verb that is complete, and what follows it; null while it is being typed. */
function verbOf(words: readonly string[]): { verb: string | null; rest: readonly string[] } {
  const at = leadingFlags(words);
  const [first, second] = words.slice(at);
  const lead = words.slice(0, at);
  if (first === undefined) return { verb: null, rest: [] };
  if (!groupVerbs.has(first)) return { verb: verbAliases.get(first) ?? first, rest: [...lead, ...words.slice(at + 1)] };
  if (second === undefined) return { verb: null, rest: [first] };
  const verb = `${first} ${second}`;
  return { verb: verbAliases.get(verb) ?? verb, rest: [...lead, ...words.slice(at + 2)] };
}

/** How many words before the verb are global flags and their values. */
function leadingFlags(words: readonly string[]): number {
  let at = 0;
  while ((words[at] ?? '').startsWith('-')) {
    const word = words[at] ?? '';
    const flag = globalFlags.find(({ name, short }) => word === `--${name}` || word === `-${short ?? ''}`);
    at += flag !== undefined && flag.bare === undefined ? 2 : 1;
  }
  return Math.min(at, words.length);
}

function verbCandidates([group]: readonly string[]): Candidate[] {
  const specs = [...verbTable.entries()];
  if (group !== undefined) {
    return specs.flatMap(([name, { about }]) =>
      name.startsWith(`${group} `) ? [candidate(name.slice(group.length + 1), about)] : [],
    );
  }
  const plain = specs.flatMap(([name, { about }]) => (name.includes(' ') ? [] : [candidate(name, about)]));
  const groups = [...groupVerbs.entries()].map(([name, about]) => candidate(name, about));
  return [...plain, ...groups].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** The cursor's place in a command whose verb is known. */
class Place {
  readonly #flags: readonly FlagSpec[];
  readonly #parts: CompleteParts;
  readonly #args: string[] = [];
  readonly #given = new Map<string, string>();
  /** A flag that waits for its value. */
  readonly open: string | null = null;

  constructor(flags: readonly FlagSpec[], words: readonly string[], after: readonly string[], parts: CompleteParts) {
    this.#flags = flags;
    this.#parts = parts;
    const waiting = this.#read(words, true);
    if (waiting !== null) this.open = `--${waiting.name}`;
    else this.#read(after, false);
  }

  /** Takes up flags, and arguments where they count; gives the flag that still waits for its value. */
  #read(words: readonly string[], withArgs: boolean): FlagSpec | null {
    let waiting: FlagSpec | null = null;
    for (const word of words) {
      if (waiting !== null) {
        this.#given.set(waiting.name, word);
        waiting = null;
      } else if (word.startsWith('-') && word !== '-') {
        const [name = '', value] = word.split(/=(.*)/s);
        const flag = this.#flag(name);
        if (flag !== undefined && value !== undefined) this.#given.set(flag.name, value);
        else if (flag !== undefined && flag.bare === undefined) waiting = flag;
      } else if (withArgs) this.#args.push(word);
    }
    return waiting;
  }

  #flag(name: string): FlagSpec | undefined {
    return this.#flags.find(
      (flag) => name === `--${flag.name}` || (flag.short !== undefined && name === `-${flag.short}`),
    );
  }

  async values(name: string): Promise<Candidate[]> {
    const flag = this.#flag(name);
    if (flag === undefined) return [];
    if (flag.values !== undefined) return flag.values.map((value) => candidate(value, flag.about));
    if (flag.kind === 'boolean') return [candidate('true', flag.about), candidate('false', flag.about)];
    if (flag.name === 'namespace') return this.#names('namespaces');
    if (flag.name === 'context') return this.#contexts();
    return flag.name === 'container' ? this.#containers(this.#args[0]) : [];
  }

  async argument(verb: string, spec: VerbSpec, current: Word): Promise<Found> {
    const { text } = current;
    const whole = (candidates: readonly Candidate[]): Found => ({ from: current.from, typed: text, candidates });
    const slash = text.indexOf('/');
    if (slash > 0 && spec.takes !== 'types') {
      const names = await this.#names(text.slice(0, slash));
      return { from: current.to - (text.length - slash - 1), typed: text.slice(slash + 1), candidates: names };
    }
    const [first] = this.#args;
    switch (spec.takes) {
      case 'contexts':
        return whole(first === undefined ? this.#contexts() : []);
      case 'nodes':
        return whole(first === undefined ? await this.#names('nodes') : []);
      case 'pods':
        return whole(first === undefined ? await this.#names('pods') : await this.#containers(first));
      case 'types':
        return whole(first === undefined ? await this.#types() : []);
      case 'access':
        if (first !== undefined) return whole(this.#args.length === 1 ? await this.#types() : []);
        return whole(
          ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].map((one) => candidate(one, 'verb')),
        );
      case 'resources':
        return this.#resources(verb, current);
      case 'nothing':
        return whole([]);
    }
  }

  async #resources(verb: string, current: Word): Promise<Found> {
    const [first] = this.#args;
    if (verb === 'top pod')
      return {
        from: current.from,
        typed: current.text,
        candidates: first === undefined ? await this.#names('pods') : [],
      };
    if (first === undefined) {
      // Types may be listed: `po,svc`.
      const typed = current.text.slice(current.text.lastIndexOf(',') + 1);
      return { from: current.to - typed.length, typed, candidates: await this.#types() };
    }
    if (first.includes('/') || first.includes(',')) return { from: current.from, typed: current.text, candidates: [] };
    const names = (await this.#names(first)).filter(({ text }) => !this.#args.includes(text));
    return { from: current.from, typed: current.text, candidates: names };
  }

  #contexts(): Candidate[] {
    return this.#parts.contexts.all().map(({ context, server }) => candidate(context, server));
  }

  #open(): { reader: Reader; namespace: string } {
    const { reader, namespace } = this.#parts.open(this.#given.get('context'));
    return { reader, namespace: this.#given.get('namespace') ?? namespace };
  }

  async #types(): Promise<Candidate[]> {
    const resources = await this.#open().reader.resources();
    const listed = resources.filter(({ preferred, verbs }) => preferred && verbs.includes('list'));
    const taken = new Set<string>();
    return listed.map((one) => {
      const text = taken.has(one.name) ? qualified(one) : one.name;
      taken.add(one.name);
      return candidate(text, [one.kind, ...one.shortNames].join(', '));
    });
  }

  async #names(type: string): Promise<Candidate[]> {
    const { reader, namespace } = this.#open();
    const resource: ApiResource | null = findType(type, await reader.resources());
    if (resource === null) return [];
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
    const answer = await reader.json(
      pathOf(resource, resource.namespaced ? namespace : null),
      `limit=${pageSize}`,
      accept,
    );
    return listAt(answer, 'items').map((item) => candidate(textAt(item, 'metadata', 'name'), resource.kind));
  }

  async #containers(object: string | undefined): Promise<Candidate[]> {
    if (object === undefined) return [];
    const { reader, namespace } = this.#open();
    const [type = '', name = ''] = object.includes('/') ? object.split('/') : ['pods', object];
    const resource = findType(type, await reader.resources());
    if (resource === null) return [];
    const found = await reader.json(pathOf(resource, namespace, name));
    return containersIn(found);
  }
}

function containersIn(object: Json): Candidate[] {
  const spec = textAt(object, 'kind') === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    listAt(object, ...spec, list).map((one) => candidate(textAt(one, 'name'), textAt(one, 'image'))),
  );
}
