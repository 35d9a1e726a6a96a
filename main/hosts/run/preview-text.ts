/** A change as a terminal shows it before it is approved. Pure. */
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
