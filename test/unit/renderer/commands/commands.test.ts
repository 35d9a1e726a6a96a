import { describe, expect, it } from 'vitest';
import { countWords, rowWords, scopeWords } from '../../../../renderer/commands/count-words.ts';
import { findInLog, levelOf, splitMatches } from '../../../../renderer/commands/log-search.ts';
import { addLines, wholeLog } from '../../../../renderer/commands/latest-lines.ts';
import { mergeTables } from '../../../../renderer/commands/merge-tables.ts';
import { rowCommand } from '../../../../renderer/commands/row-command.ts';
import { waysOut } from '../../../../renderer/commands/ways-out.ts';
import type { CommandResult, Row, Table } from '../../../../shared/commands.ts';

const pod = (name: string, status: string, namespace = 'shop'): Row => ({
  cells: [name, status],
  object: { apiVersion: 'v1', kind: 'Pod', namespace, name },
  createdAt: null,
});
const pods = (...rows: Row[]): Table => ({ resource: 'pods', columns: [], rows, sorted: false });

describe('a watched table', () => {
  it('puts a changed row in its old place and a new one last', () => {
    const merged = mergeTables(
      [pods(pod('a', 'Pending'), pod('b', 'Running'))],
      [pods(pod('a', 'Running'), pod('c', 'Pending'))],
    );
    expect(merged[0]?.rows.map((row) => row.cells.join(' '))).toEqual(['a Running', 'b Running', 'c Pending']);
  });
  it('does not take pods of one name in two namespaces for one', () => {
    const merged = mergeTables([pods(pod('a', 'Running', 'one'))], [pods(pod('a', 'Pending', 'two'))]);
    expect(merged[0]?.rows).toHaveLength(2);
  });
  it('takes the last word where one message names a row twice', () => {
    const merged = mergeTables([], [pods(pod('a', 'Pending'))]);
    expect(
      mergeTables(merged, [pods(pod('x', 'Pending'), pod('x', 'Running'))])[0]?.rows.map((row) => row.cells[1]),
    ).toEqual(['Pending', 'Running']);
  });
});

describe('a row’s own commands', () => {
  it('name the resource with its group and the namespace of the row', () => {
    const row: Row = {
      ...pod('web', ''),
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    };
    expect(rowCommand('y', row, 'deployments.apps')).toBe('kubectl get deployments.apps web -n shop -o yaml');
    expect(rowCommand('Enter', row, 'deployments.apps')).toBe('kubectl describe deployments.apps web -n shop');
    expect(rowCommand('l', row, 'deployments.apps')).toBeNull();
  });
  it('are none for a row that is no object', () => {
    expect(rowCommand('Enter', { cells: [], object: null, createdAt: null }, '')).toBeNull();
  });
});

describe('the words over a result', () => {
  const result = { namespace: 'shop' } as CommandResult;
  it('count one thing in the singular', () => {
    expect(countWords(pods(pod('a', '')), null)).toBe('1 pod');
    expect(countWords({ ...pods(pod('a', '')), resource: 'networkpolicies.networking.k8s.io' }, null)).toBe(
      '1 networkpolicy',
    );
    expect(countWords({ ...pods(pod('a', '')), resource: 'ingresses.networking.k8s.io' }, null)).toBe('1 ingress');
    expect(countWords(pods(pod('a', ''), pod('b', '')), 1)).toBe('1 of 2 pods');
  });
  it('say one namespace by name, several by number, none not at all', () => {
    expect(scopeWords(pods(pod('a', '')), result)).toBe('in shop');
    expect(scopeWords(pods(pod('a', ''), pod('b', '', 'other')), result)).toBe('in 2 namespaces');
    expect(scopeWords(pods(), result)).toBe('');
  });
});

describe('the rows under a table', () => {
  it('are counted once, and as a part only under a filter', () => {
    expect(rowWords(24, 24)).toBe('24 rows');
    expect(rowWords(1, 1)).toBe('1 row');
    expect(rowWords(3, 24)).toBe('3 of 24 rows');
  });
});

describe('the ways out of a failure', () => {
  it('begin with changing the line where the line is wrong, and do not offer it again unchanged', () => {
    for (const code of ['command.invalid', 'command.unsupported', 'cluster.invalid', 'assistant.unavailable'] as const)
      expect(waysOut(code)).toEqual(['edit']);
    expect(waysOut('cluster.not-found')).toEqual(['edit', 'retry']);
  });
  it('offer the self-check only where the way to a cluster or server failed', () => {
    expect(waysOut('cluster.unreachable')).toContain('self-check');
    expect(waysOut('mcp.timeout')).toContain('self-check');
    for (const code of ['cluster.forbidden', 'cluster.not-found', 'cluster.busy', 'storage.failed'] as const)
      expect(waysOut(code)).not.toContain('self-check');
  });
});

describe('a log longer than is kept', () => {
  const lines = (...texts: string[]) => texts.map((text) => ({ at: null, from: null, text }));
  const texts = (all: readonly { text: string }[]) => all.map(({ text }) => text).join('');
  it('loses its oldest lines first and counts them', () => {
    const added = addLines({ lines: lines('c', 'd'), leftOut: 0 }, lines('e'), 4);
    const whole = wholeLog(lines('a', 'b'), added, 4);
    expect([texts(whole.lines), whole.leftOut]).toEqual(['bcde', 1]);
  });
  it('has no hole between what came first and what was kept of the rest', () => {
    const added = addLines({ lines: [], leftOut: 0 }, lines('c', 'd', 'e', 'f', 'g'), 4);
    const whole = wholeLog(lines('a', 'b'), added, 4);
    expect([texts(whole.lines), whole.leftOut]).toEqual(['defg', 3]);
  });
});

describe('searching a log', () => {
  const lines = ['Loading price list', 'done', 'PRICE LIST ready'].map((text) => ({ at: null, from: null, text }));
  it('finds in any case', () => {
    expect(findInLog(lines, 'price list')).toEqual([0, 2]);
    expect(findInLog(lines, '')).toEqual([]);
  });
  it('cuts a line at its matches and loses nothing', () => {
    expect(splitMatches('a price, a Price', 'price')).toEqual(['a ', 'price', ', a ', 'Price', '']);
    expect(splitMatches('a (b', '(')).toEqual(['a ', '(', 'b']);
  });
  it('marks only what a line says of itself', () => {
    expect(['{"level":"error"}', 'E1124 12:00 x', 'level=warn y', '0 errors, fine'].map(levelOf)).toEqual([
      'error',
      'error',
      'warn',
      null,
    ]);
  });
});
