/** The objects a changing verb is about: names as given, or what selectors find now. */
import type { ApiResource } from '../clusters/cluster-access.ts';
import { itemsOf, selectorQuery } from './ask.ts';
import type { Call } from './call.ts';
import { CommandError, invalid } from './command-error.ts';
import { textAt, type Json } from './exact-json.ts';
import { pathOf, resolveTargets } from './resource-names.ts';

export interface WriteTarget {
  readonly resource: ApiResource;
  readonly namespace: string | null;
  readonly name: string;
  readonly path: string;
  readonly object: Json;
}

/** Throws CommandError where nothing is named; objects that are not there are failures beside the rest. */
export async function writeTargets(
  call: Call,
  { everywhere }: { readonly everywhere: boolean },
): Promise<{ readonly targets: readonly WriteTarget[]; readonly failures: readonly CommandError[] }> {
  const { flags, args } = call.invocation;
  const labelSelector = flags.text('selector') ?? '';
  const fieldSelector = flags.text('field-selector') ?? '';
  const selects = labelSelector !== '' || fieldSelector !== '' || flags.is('all');
  const wanted = resolveTargets(args, await call.reader.resources());
  const targets: WriteTarget[] = [];
  const failures: CommandError[] = [];
  for (const { resource, names } of wanted) {
    const namespace = resource.namespaced && !everywhere ? call.namespace : null;
    if (names.length > 0 && selects) throw invalid('name cannot be provided when a selector is specified');
    if (names.length === 0 && !selects)
      throw invalid(
        'resource(s) were provided, but no name was specified',
        'Name the objects, or choose them with -l or --all.',
      );
    if (names.length === 0) {
      const query = selectorQuery({ labelSelector, fieldSelector }).join('&');
      const found = itemsOf(await call.reader.json(pathOf(resource, namespace), query));
      targets.push(...found.map((object) => targetOf(resource, object)));
      continue;
    }
    for (const name of names) {
      try {
        targets.push(targetOf(resource, await call.reader.json(pathOf(resource, namespace, name))));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        failures.push(error);
      }
    }
  }
  return { targets, failures };
}

function targetOf(resource: ApiResource, object: Json): WriteTarget {
  const name = textAt(object, 'metadata', 'name');
  const namespace = resource.namespaced ? textAt(object, 'metadata', 'namespace') : null;
  return { resource, namespace, name, path: pathOf(resource, namespace, name), object };
}

/** `--dry-run`, as kubectl reads it. */
export function dryRunOf({ invocation: { flags } }: Call): 'none' | 'server' | 'client' {
  const value = flags.text('dry-run') ?? 'none';
  if (value === 'none' || value === 'server' || value === 'client') return value;
  if (value === 'true' || value === 'unchanged') return 'client';
  if (value === 'false') return 'none';
  throw invalid(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}
