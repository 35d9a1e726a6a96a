/** A change as a terminal shows it, and the lines kubectl prints once it is done. Pure. */
import { createTwoFilesPatch } from 'diff';
import type { Change, ChangedObject } from '../../../shared/changes.ts';

export function previewText(change: Change): string {
  const parts = [
    `${change.title} on ${change.clusterName}${change.namespace === null ? '' : `, namespace ${change.namespace}`}`,
    ...(change.production ? ['This cluster is marked as production.'] : []),
    '',
    ...change.writes,
    '',
    ...change.objects.map(objectText),
    ...section(
      'Effects',
      change.effects.map(({ severity, text }) => `${severity}: ${text}`),
    ),
    ...section('Warnings', change.warnings),
    ...section('What a dry run cannot know', change.limits),
    `Undo: ${change.undo.possible ? 'possible' : 'not possible'}. ${change.undo.text}`,
    '',
    'Nothing has been changed. To do exactly this, run the same command again with:',
    `  --approve ${change.digest}`,
  ];
  return `${parts.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), ''];
}

function objectText({ object, action, before, after, notPreviewed }: ChangedObject): string {
  const name = `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`;
  if (notPreviewed !== null) return `${name}: ${notPreviewed}\n`;
  if (action === 'delete' && after === null) return `${name} will be deleted.\n`;
  const patch = createTwoFilesPatch(name, name, before ?? '', after ?? '', 'now', 'after');
  return patch.replace(/^=+\n/, '');
}

/** What kubectl prints for these writes: `deployment.apps/web scaled`, `pod "web" deleted from shop namespace`. */
export function resultLines({ writes, objects }: Change): string {
  return writes
    .map((write, at) => {
      const object = objects[at]?.object;
      if (object === undefined) return `${write}\n`;
      const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''];
      const kind = `${object.kind}${group === '' ? '' : `.${group}`}`.toLowerCase();
      if (write.startsWith('DELETE ')) {
        return `${kind} "${object.name}" deleted${object.namespace === null ? '' : ` from ${object.namespace} namespace`}\n`;
      }
      return /\/scale(\?|$| )/.test(write) ? `${kind}/${object.name} scaled\n` : `${kind}/${object.name} configured\n`;
    })
    .join('');
}
