import { describe, expect, it } from 'vitest';
import { serverEnvironment, serverToml } from '../../../../main/mcp/server-config.ts';

const config = { form: 'yaml', port: 4321, kubeconfig: 'C:\\run\\"x"\\kubeconfig', nonce: 'n-1' } as const;

describe('the configuration of the MCP server', () => {
  it('says every key before the first table, for a key after it would be ignored silently', () => {
    const lines = serverToml(config).split('\n');
    const table = lines.findIndex((line) => line.startsWith('['));
    expect(lines.slice(0, table)).toEqual(
      expect.arrayContaining([
        'cluster_auth_mode = "passthrough"',
        'bind_address = "127.0.0.1"',
        'disabled_tools = ["configuration_view"]',
        'list_output = "yaml"',
        'port = "4321"',
        'server_instructions = "n-1"',
      ]),
    );
    expect(lines.slice(table)).toEqual(['[telemetry]', 'enabled = false', '']);
  });

  it('escapes a path so that it stays one value', () => {
    expect(serverToml(config)).toContain('kubeconfig = "C:\\\\run\\\\\\"x\\"\\\\kubeconfig"');
  });
});

describe('the environment of the MCP server', () => {
  const own = {
    PATH: '/usr/bin',
    HOME: '/home/x',
    TZ: 'Europe/Rome',
    KUBECONFIG: '/home/x/.kube/config',
    HTTPS_PROXY: 'http://u:p@proxy',
    https_proxy: 'http://u:p@proxy',
    K8S_MCP_CONFIG_PATH: '/etc/other.toml',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector',
    MCPGODEBUG: 'x=1',
    KUBERNETES_SERVICE_HOST: '10.0.0.1',
    AWS_SECRET_ACCESS_KEY: 'k',
    HELM_REGISTRY_CONFIG: '/home/x/.config/helm/registry.json',
  };

  it('takes over only what is on the list', () => {
    expect(Object.keys(serverEnvironment('/run/private', own)).sort()).toEqual(
      ['HOME', 'KUBE_CLIENT_BURST', 'KUBE_CLIENT_QPS', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'USERPROFILE'].sort(),
    );
  });

  it("gives a private home, so that the person's Helm and registry logins are not there", () => {
    expect(serverEnvironment('/run/private', own)).toMatchObject({ HOME: '/run/private', TZ: 'Europe/Rome' });
  });
});
