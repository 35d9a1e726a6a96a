import { expect, it } from 'vitest';
import { reportOf } from '../../../../renderer/self-check/report.ts';

it('reports every hop with its evidence, and the remedy where there is one', () => {
  const report = reportOf({
    at: 0,
    versions: [{ part: 'AI4K8s', version: '0.1.0', detail: '' }],
    clusters: [
      {
        cluster: 'x',
        name: 'edge-lyon',
        version: null,
        hops: [
          { name: 'process', outcome: 'ok', evidence: 'runs', remedy: null, ms: 2 },
          { name: 'api-server', outcome: 'failed', evidence: 'timed out', remedy: 'Check the VPN.', ms: 5000 },
        ],
      },
    ],
  });
  expect(report).toContain('edge-lyon does not answer');
  expect(report).toContain('failed    api-server: timed out (5000 ms)\n            Check the VPN.');
});
