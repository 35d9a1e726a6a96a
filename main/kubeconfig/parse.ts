import { CORE_SCHEMA, load } from 'js-yaml';
import { AppError } from '../../shared/errors.ts';
import { ClusterFields, ContextFields, KubeconfigFields, Named, UserFields } from './schema.ts';
import type { z } from 'zod';

/** One file, its entries by name in their order. Entries that could not be read are only in `faults`. */
export interface ParsedKubeconfig {
  readonly currentContext: string | null;
  readonly clusters: ReadonlyMap<string, ClusterFields>;
  readonly users: ReadonlyMap<string, UserFields>;
  readonly contexts: ReadonlyMap<string, ContextFields>;
  /** One sentence each. Never holds a value of the file other than an entry's name. */
  readonly faults: readonly string[];
}

/** Nesting, aliases and parts that no real kubeconfig comes near (one of 1,000 contexts has 20,000 parts). */
const bounds = { maxDepth: 32, maxAliases: 200 };
const maxParts = 50_000;

/**
 * Text of a kubeconfig to its entries. One entry that cannot be read does not hide the others.
 * Throws AppError 'kubeconfig.invalid' where the text is no kubeconfig at all.
 */
export function parseKubeconfig(text: string): ParsedKubeconfig {
  const fields = KubeconfigFields.safeParse(yamlOf(text) ?? {});
  if (!fields.success) {
    throw notAKubeconfig(`it is no kubeconfig: ${whereOf(fields.error)}`, fields.error);
  }
  const faults: string[] = [];
  return {
    currentContext: fields.data['current-context'],
    clusters: entries('cluster', fields.data.clusters, ClusterFields, faults),
    users: entries('user', fields.data.users, UserFields, faults),
    contexts: entries('context', fields.data.contexts, ContextFields, faults),
    faults,
  };
}

function yamlOf(text: string): unknown {
  // Reading takes as long as there are parts, whatever their size; counting them first takes no time.
  if ((text.match(/[\n,[{]/g)?.length ?? 0) > maxParts) {
    throw notAKubeconfig('it has more parts than any kubeconfig', null);
  }
  try {
    return text.trim() === '' ? null : load(text, { schema: CORE_SCHEMA, ...bounds });
  } catch (error) {
    // The library's message quotes the text, which may be a credential: only its place is told.
    const mark = error instanceof Error && 'mark' in error ? (error.mark as { line?: number } | undefined) : undefined;
    const line = mark?.line === undefined ? '' : ` (line ${mark.line + 1})`;
    throw notAKubeconfig(`it is not valid YAML${line}`, error);
  }
}

function entries<S extends z.ZodType>(
  kind: 'cluster' | 'user' | 'context',
  items: readonly unknown[],
  schema: S,
  faults: string[],
): Map<string, z.output<S>> {
  const found = new Map<string, z.output<S>>();
  const twice = new Set<string>();
  items.forEach((item, index) => {
    const named = Named.safeParse(item);
    if (!named.success) {
      faults.push(`Entry ${index + 1} of its ${kind}s has no name.`);
      return;
    }
    const { name } = named.data;
    const parsed = schema.safeParse((item as Record<string, unknown>)[kind]);
    if (found.has(name)) twice.add(name);
    else if (parsed.success) found.set(name, parsed.data);
    else faults.push(`The ${kind} ${shown(name)} is not understood: ${whereOf(parsed.error)}.`);
  });
  // kubectl refuses the whole file; which of the two is meant cannot be known, so neither is used.
  for (const name of twice) {
    found.delete(name);
    faults.push(`The ${kind} ${shown(name)} is there more than once, so none of them is used.`);
  }
  return found;
}

/** A name as it may be shown: control, format and line characters visible, at most 80 characters. */
export function shown(text: string): string {
  const visible = text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `⟦U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`,
  );
  return visible.length > 80 ? `${visible.slice(0, 79)}…` : visible;
}

function whereOf(error: z.ZodError): string {
  const paths = new Set(error.issues.map((issue) => issue.path.join('.') || 'the whole of it'));
  return [...paths].slice(0, 3).map(shown).join(', ');
}

function notAKubeconfig(what: string, cause: unknown): AppError {
  return new AppError(
    {
      code: 'kubeconfig.invalid',
      message: `The kubeconfig cannot be used: ${what}.`,
      remedy: 'Correct the file, or choose another with --kubeconfig.',
    },
    { cause },
  );
}
