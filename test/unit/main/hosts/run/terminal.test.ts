import { describe, expect, it } from 'vitest';
import type { CommandResult, Table } from '../../../../../shared/commands.ts';
import type { Change } from '../../../../../shared/changes.ts';
import { Events } from '../../../../../main/hosts/run/events.ts';
import { Following } from '../../../../../main/hosts/run/following.ts';
import { previewText } from '../../../../../main/hosts/run/preview-text.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const change: Change = {
  id: 'c',
  title: 'Scale deployment.apps/web to 3',
  cluster: 'x',
  clusterName: 'staging',
  production: false,
  namespace: 'shop',
  origin: { kind: 'command', text: 'kubectl scale deploy/web --replicas=3' },
  previewedAt: 0,
  expiresAt: 1,
  objects: [
    { object, action: 'update', before: 'spec:\n  replicas: 2\n', after: 'spec:\n  replicas: 3\n', notPreviewed: null },
  ],
  effects: [{ kind: 'pods', severity: 'note', text: '1 pod more starts.' }],
  warnings: ['careful'],
  limits: [],
  undo: { possible: true, text: 'Undo restores the size.' },
  digest: 'd'.repeat(64),
  writes: ['PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale'],
  typeToApprove: null,
  state: { kind: 'previewed' },
};

describe('a change in a terminal', () => {
  it('shows the request, the difference, the effects and how to approve exactly this', () => {
    const text = previewText(change);
    for (const part of [
      change.writes[0],
      '-  replicas: 2',
      '+  replicas: 3',
      'note: 1 pod more starts.',
      'careful',
      `--approve ${change.digest}`,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('production');
    expect(previewText({ ...change, production: true })).toContain('production');
  });
  it('says why there is no preview, where there is none', () => {
    const [one] = change.objects;
    if (one === undefined) throw new Error('no object');
    expect(previewText({ ...change, objects: [{ ...one, notPreviewed: 'It cannot be dry-run.' }] })).toContain(
      'It cannot be dry-run.',
    );
  });
});

describe('what follows a command in a terminal', () => {
  const table = (...cells: string[][]): Table => ({
    resource: 'pods',
    sorted: false,
    columns: [
      { name: 'NAME', type: 'string', priority: 0, description: '' },
      { name: 'NODE', type: 'string', priority: 1, description: '' },
      { name: 'AGE', type: 'age', priority: 0, description: '' },
    ],
    rows: cells.map((row) => ({ cells: row, object: null, createdAt: null })),
  });
  const result = (tables: Table[]): CommandResult => ({
    run: 'r',
    line: '',
    cluster: null,
    namespace: null,
    at: 0,
    exitCode: 0,
    notes: [],
    failure: null,
    following: true,
    doneText: null,
    body: { kind: 'tables', tables },
    route: { way: 'direct', steps: [], ms: 0, narrowed: null },
  });

  it('prints the rows of a watch under one header, and ends when it ends', async () => {
    const events = new Events();
    const out: string[] = [];
    const said: string[] = [];
    const following = new Following(events, 'r', {
      out: (text) => out.push(text),
      say: (line) => said.push(line),
      onClose: () => undefined,
    });
    const end = following.end(result([table(['web', 'n', '5m'])]));
    events.publish('commands.output', {
      run: 'other',
      lines: [],
      tables: [table(['not-mine', '', ''])],
      ended: false,
      failure: null,
    });
    events.publish('commands.output', {
      run: 'r',
      lines: [],
      tables: [table(['a-longer-name', 'n', '1s'])],
      ended: false,
      failure: null,
    });
    const failure = { code: 'cluster.failed' as const, message: 'too old', remedy: 'Run it again.' };
    events.publish('commands.output', { run: 'r', lines: [], tables: [], ended: true, failure });
    expect(await end).toBe(1);
    expect(out.join('')).toBe('NAME   AGE\nweb    5m\na-longer-name   1s\n');
    expect(said).toEqual(['error: too old']);
  });
});
