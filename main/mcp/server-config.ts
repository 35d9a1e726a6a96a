import type { ListForm } from './tool-answer.ts';

/** Tools that the server must never offer: this one returns the kubeconfig as it is. */
export const disabledTools = ['configuration_view'] as const;

/** One line of the log per event without parameters; from 6 on the server logs whole results. */
const logLevel = 0;

export interface ServerConfig {
  readonly form: ListForm;
  readonly port: number;
  readonly kubeconfig: string;
  /** Comes back in the answer to `initialize`: only who can read our private file knows it. */
  readonly nonce: string;
}

/** The server's TOML. Top-level keys come first: after a table they would belong to it and be ignored silently. */
export function serverToml(config: ServerConfig): string {
  const entries: readonly (readonly [string, string | number | boolean | readonly string[]])[] = [
    ['port', String(config.port)],
    ['bind_address', '127.0.0.1'],
    ['log_level', logLevel],
    ['kubeconfig', config.kubeconfig],
    ['cluster_provider_strategy', 'kubeconfig'],
    ['cluster_auth_mode', 'passthrough'],
    ['toolsets', ['core', 'config', 'helm']],
    ['disabled_tools', disabledTools],
    ['list_output', config.form],
    ['server_instructions', config.nonce],
  ];
  // TOML's basic strings, arrays, numbers and booleans are written as JSON writes them, but for U+007F.
  const value = (of: unknown) => JSON.stringify(of).replaceAll('\u007f', '\\u007f');
  return [...entries.map(([key, of]) => `${key} = ${value(of)}`), '', '[telemetry]', 'enabled = false', ''].join('\n');
}

/** What of the app's own environment the server may see: nothing with a credential, a proxy or an option of its own. */
const inherited = ['TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'SystemRoot', 'windir'] as const;

/**
 * The whole environment of the server. `home` is a private folder: the person's own holds registry and Helm logins.
 * The rate limits are client-go's, whose 5 requests a second would make 40 reads take 6 seconds; the gate limits.
 */
export function serverEnvironment(home: string, own: NodeJS.ProcessEnv): Record<string, string> {
  const kept = inherited.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    TEMP: home,
    TMP: home,
    KUBE_CLIENT_QPS: '500',
    KUBE_CLIENT_BURST: '1000',
  };
}
