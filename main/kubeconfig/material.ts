/** How a context's API server is reached, as its kubeconfig says. Paths are absolute; nothing of them was read. */
export interface ClusterEntry {
  readonly name: string;
  /** The file that defines it. */
  readonly source: string;
  /** http or https, without credentials, query or fragment. */
  readonly server: URL;
  /** The same as text, as kubeconfigs write it: without the slash that a URL of no path ends with. */
  readonly address: string;
  readonly tlsServerName: string | null;
  readonly insecureSkipTlsVerify: boolean;
  readonly caFile: string | null;
  /** Base64 of PEM, as written. */
  readonly caData: string | null;
  readonly proxyUrl: string | null;
}

/** A program that prints credentials (client.authentication.k8s.io). */
export interface ExecEntry {
  readonly apiVersion: string;
  /** As written: a bare name is looked up in PATH, anything else is relative to the kubeconfig's folder. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | null;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | null;
}

export interface AuthProviderEntry {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface Impersonation {
  readonly user: string | null;
  readonly uid: string | null;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Who asks, as the kubeconfig says. Secret: only `gate/upstream` may hold one. */
export interface UserEntry {
  readonly name: string;
  readonly source: string;
  readonly certFile: string | null;
  readonly certData: string | null;
  readonly keyFile: string | null;
  readonly keyData: string | null;
  readonly token: string | null;
  readonly tokenFile: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly impersonate: Impersonation | null;
  readonly exec: ExecEntry | null;
  readonly authProvider: AuthProviderEntry | null;
}

/** Everything one context says, private to the gate. */
export interface Material {
  readonly context: string;
  readonly source: string;
  readonly namespace: string | null;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
