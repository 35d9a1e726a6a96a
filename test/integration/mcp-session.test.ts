import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upstreamOf } from './gate/upstreams.ts';
import { reading, startMcp, type StartedMcp } from '../support/start-mcp.ts';

const kubeconfig = process.env['AI4K8S_REAL_KUBECONFIG'];
const read = reading('real');

describe.skipIf(kubeconfig === undefined)('a call of the bundled MCP server on the real cluster', () => {
  let mcp: StartedMcp;
  beforeAll(async () => {
    mcp = await startMcp(upstreamOf('real', kubeconfig ?? ''));
  });
  afterAll(() => mcp.close());

  it('shows its real pods', async () => {
    const answer = await mcp.session.call('table', 'pods_list', {}, read);
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatch(/^NAMESPACE +APIVERSION +KIND +NAME +READY/);
    expect(answer.text).toMatch(/kube-system +v1 +Pod +/);
    expect(answer.report.requests.map(({ path, status }) => [path.split('?')[0], status])).toContainEqual([
      '/api/v1/pods',
      200,
    ]);
  });
});
