/** `kubectl scale`: a merge patch of the scale subresource per object, proposed as one change. */
import type { DraftWrite } from '../../clusters/cluster-access.ts';
import type { Call } from '../call.ts';
import { CommandError, invalid, unsupported } from '../command-error.ts';
import { numberAt, textAt } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import type { Outcome } from '../outcome.ts';
import { proposed } from '../proposed.ts';
import { kindPrefix } from '../resource-names.ts';
import { dryRunOf, writeTargets, type WriteTarget } from '../write-targets.ts';

export async function scale(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (flags.has('filename') || flags.has('kustomize'))
    throw unsupported('files are not read here', 'Name the resources in the command.');
  const replicas = flags.number('replicas');
  if (replicas === undefined) {
    throw new CommandError('command.invalid', 'error: required flag(s) "replicas" not set', 'Add --replicas=N.');
  }
  if (replicas < 0) {
    throw invalid('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  }
  if (args.length === 0)
    throw invalid(
      'You must provide one or more resources by argument or filename.',
      'Name what to scale, such as deployment/web.',
    );
  const { targets, failures } = await writeTargets(call, { everywhere: false });
  const [first] = failures;
  if (first !== undefined) throw first;
  if (targets.length === 0) throw invalid('no objects passed to scale');
  for (const target of targets) checkScalable(target);
  await Promise.all(targets.map((target) => checkCurrent(call, target)));
  const writes = targets.map((target): DraftWrite => ({
    method: 'PATCH',
    path: `${target.path}/scale`,
    query: '',
    contentType: 'application/merge-patch+json',
    body: JSON.stringify({ ...versionGuard(call), spec: { replicas } }),
  }));
  const dryRun = dryRunOf(call);
  const suffix = dryRun === 'none' ? '' : dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
  const isName = outputFormat(flags).format === 'name';
  const names = targets.map(({ resource, name }) => `${kindPrefix(resource)}/${name}`);
  return proposed(call, {
    title: `Scale ${names.join(', ')} to ${replicas}`,
    targets,
    writes,
    dryRun,
    text: names.map((name) => `${name}${isName ? '' : ` scaled${suffix}`}\n`).join(''),
    notes: [],
    failures: [],
  });
}

function checkScalable({ resource }: WriteTarget): void {
  if (resource.subresources.includes('scale')) return;
  throw new CommandError(
    'command.invalid',
    'Error from server (NotFound): the server could not find the requested resource',
    `${resource.kind} has no size: scale a deployment, stateful set, replica set or replication controller.`,
  );
}

/** `--current-replicas` and `--resource-version`: nothing is proposed where they do not hold. */
async function checkCurrent(call: Call, { path, object }: WriteTarget): Promise<void> {
  const { flags } = call.invocation;
  const expected = flags.number('current-replicas') ?? -1;
  const version = flags.text('resource-version') ?? '';
  if (expected >= 0) {
    const current = numberAt(await call.reader.json(`${path}/scale`), 'spec', 'replicas') ?? 0;
    if (current !== expected)
      throw invalid(`Expected replicas to be ${expected}, was ${current}`, 'Look at the current size, then repeat.');
  }
  const actual = textAt(object, 'metadata', 'resourceVersion');
  if (version !== '' && version !== actual) {
    throw invalid(
      `Expected resource version to be ${version}, was ${actual}`,
      'Look at the object as it is now, then repeat.',
    );
  }
}

function versionGuard({ invocation: { flags } }: Call): object {
  const version = flags.text('resource-version') ?? '';
  return version === '' ? {} : { metadata: { resourceVersion: version } };
}
