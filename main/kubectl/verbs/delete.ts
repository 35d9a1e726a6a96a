/** `kubectl delete`: one DELETE per object, selectors expanded to names, proposed as one change. */
import type { DraftWrite } from '../../clusters/cluster-access.ts';
import type { Call } from '../call.ts';
import { invalid, unsupported } from '../command-error.ts';
import { outputFormat } from '../invocation.ts';
import { textOutcome, type Outcome } from '../outcome.ts';
import { proposed } from '../proposed.ts';
import { kindPrefix } from '../resource-names.ts';
import { dryRunOf, writeTargets, type WriteTarget } from '../write-targets.ts';

export async function deleteObjects(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (flags.has('filename') || flags.has('kustomize'))
    throw unsupported('files are not read here', 'Name the resources in the command.');
  if (flags.has('raw'))
    throw unsupported('--raw deletes without a preview, and that is not done here', 'Name the objects.');
  if (args.length === 0) {
    throw invalid(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      'Name what to delete, such as pod/web.',
    );
  }
  const { output, isName } = outputOf(call);
  const options = deleteOptions(call);
  const everywhere = flags.is('all-namespaces');
  const { targets, failures } = await writeTargets(call, { everywhere });
  const ignore = flags.is('ignore-not-found') || flags.is('all');
  const left = ignore ? failures.filter(({ failure }) => failure.code !== 'cluster.not-found') : failures;
  const [first] = left;
  if (targets.length === 0) {
    if (first !== undefined) throw first;
    const named = targets.length === 0 && failures.length > 0;
    return textOutcome(isName || named ? '' : 'No resources found\n');
  }
  const dryRun = dryRunOf(call);
  const body = JSON.stringify(options.body);
  const writes = targets.map(({ path }): DraftWrite => ({
    method: 'DELETE',
    path,
    query: '',
    contentType: 'application/json',
    body,
  }));
  const described = targets.map(({ resource, name }) => `${kindPrefix(resource)}/${name}`);
  return proposed(call, {
    title: described.length === 1 ? `Delete ${described[0] ?? ''}` : `Delete ${described.length} objects`,
    targets,
    writes,
    dryRun,
    text: targets.map((target) => line(target, output, options.force, dryRun)).join(''),
    notes: options.warnings,
    failures: left,
  });
}

function outputOf(call: Call): { output: string; isName: boolean } {
  const { format } = outputFormat(call.invocation.flags);
  if (format !== '' && format !== 'name')
    throw invalid(`unexpected -o output mode: ${format}. We only support '-o name'`);
  return { output: format, isName: format === 'name' };
}

interface DeleteOptions {
  readonly body: { readonly propagationPolicy: string; readonly gracePeriodSeconds?: number };
  readonly force: boolean;
  readonly warnings: readonly string[];
}

function deleteOptions({ invocation: { flags } }: Call): DeleteOptions {
  const cascade = flags.text('cascade') ?? 'background';
  const policies: Record<string, string> = {
    background: 'Background',
    true: 'Background',
    orphan: 'Orphan',
    false: 'Orphan',
    foreground: 'Foreground',
  };
  const policy = Object.hasOwn(policies, cascade) ? policies[cascade] : undefined;
  if (policy === undefined) {
    throw invalid(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
  const force = flags.is('force');
  const now = flags.is('now');
  let grace = flags.number('grace-period') ?? -1;
  if (now && grace >= 0) throw invalid('--now and --grace-period cannot be specified together');
  if (flags.is('all') && (flags.text('selector') ?? '') !== '')
    throw invalid("setting 'all' parameter but found a non empty selector.");
  if (now) grace = 1;
  if (grace === 0 && !force) grace = 1;
  if (force && grace < 0) grace = 0;
  if (force && grace > 0) throw invalid('--force and --grace-period greater than 0 cannot be specified together');
  return {
    body: { propagationPolicy: policy, ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}) },
    force,
    warnings: force
      ? [
          'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
        ]
      : [],
  };
}

function line(
  { resource, namespace, name }: WriteTarget,
  output: string,
  force: boolean,
  dryRun: 'none' | 'server' | 'client',
): string {
  if (output === 'name') return `${kindPrefix(resource)}/${name}\n`;
  const operation = force ? 'force deleted' : 'deleted';
  const where = namespace === null ? '' : ` from ${namespace} namespace`;
  const suffix = dryRun === 'none' ? '' : dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
  return `${kindPrefix(resource)} "${name}" ${operation}${where}${suffix}\n`;
}
