import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../../shared/errors.ts';
import { hopList, hopNames, hopOf, type HopResult } from '../../../../main/mcp/hops.ts';

const ok = (name: HopResult['name']): HopResult => ({ name, evidence: `${name} is fine.`, ms: 1, failed: null });

describe('the hops of the way', () => {
  it('after the first that failed count as not tried, even where one of them was', () => {
    const failed = { code: 'cluster.dns', message: 'No such name.', remedy: 'Check it.' } as const;
    const hops = hopList([
      ok('process'),
      ok('gate'),
      { name: 'api-server', evidence: '', ms: 3, failed },
      ok('rights'),
    ]);
    const outcomes = Object.fromEntries(hops.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes).toMatchObject({
      process: 'ok',
      port: 'not-tried',
      gate: 'ok',
      'api-server': 'failed',
      rights: 'not-tried',
    });
    expect(hops.find(({ outcome }) => outcome === 'failed')).toEqual({
      name: 'api-server',
      outcome: 'failed',
      evidence: 'No such name.',
      remedy: 'Check it.',
      ms: 3,
    });
  });

  it('are always all there, in order', () => {
    expect(hopList([]).map(({ name }) => name)).toEqual(hopNames);
  });

  it('cover every error code', () => {
    for (const code of errorCodes) expect(hopNames).toContain(hopOf({ code }));
  });
});
