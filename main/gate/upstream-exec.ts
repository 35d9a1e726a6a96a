import { z } from 'zod';
import { loginPath } from '../kubeconfig/login-path.ts';
import { shown } from '../kubeconfig/parse.ts';
import { credentialsError } from './upstream-failure.ts';
import { runProgram, type ProgramLimits } from './upstream-program.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Redactor } from '../redact.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { ExecEntry, Material } from '../kubeconfig/material.ts';
import type { Authentication, CredentialSource } from './upstream-connection.ts';

export interface PluginLimits extends ProgramLimits {
  /** A plugin that just ran or just failed is not run again for the next request in the queue. */
  readonly pauseMs: number;
}

const defaults: PluginLimits = { timeoutMs: 20_000, outputBytes: 64 * 1024, pauseMs: 5_000 };
/** Before their end credentials are renewed, as a request may take a while. */
const marginMs = 10_000;
const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

const ExecCredential = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/** Credentials that a program prints. It is looked at again right before each run, and run without a shell. */
export class PluginCredentials implements CredentialSource {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #id: string;
  readonly #exec: ExecEntry;
  readonly #limits: PluginLimits;
  readonly #redactor: Redactor;
  #last: { readonly at: number; readonly made: Authentication | null; readonly failed: AppError | null } | null = null;
  #renewed = false;

  /** @param redactor takes out of what a failing program says whatever looks like a credential, or is one */
  constructor(
    kubeconfigs: Kubeconfigs,
    id: string,
    exec: ExecEntry,
    redactor: Redactor,
    limits: PluginLimits = defaults,
  ) {
    this.#redactor = redactor;
    this.#kubeconfigs = kubeconfigs;
    this.#id = id;
    this.#exec = exec;
    this.#limits = limits;
  }

  async authenticate(signal: AbortSignal): Promise<Authentication> {
    const last = this.#last;
    const recent = last !== null && Date.now() - last.at < this.#limits.pauseMs;
    if (recent && last.failed !== null) throw last.failed;
    if (last?.made != null && (recent || (!this.#renewed && Date.now() < last.made.until))) return last.made;
    this.#renewed = false;
    try {
      const made = await this.#run(signal);
      this.#last = { at: Date.now(), made, failed: null };
      return made;
    } catch (error) {
      this.#last = isCredentialsError(error) ? { at: Date.now(), made: null, failed: error } : null;
      throw error;
    }
  }

  renew(): void {
    this.#renewed = true;
  }

  async #run(signal: AbortSignal): Promise<Authentication> {
    const { command, apiVersion, interactiveMode, installHint } = this.#exec;
    const { context } = this.#kubeconfigs.material(this.#id).material;
    const fail = (what: string, remedy: string, cause?: unknown) => credentialsError(context, what, remedy, cause);
    const name = shown(command);
    if (!versions.includes(apiVersion)) {
      throw fail(
        `runs ${name} with an exec API version that is not v1 or v1beta1`,
        'Write the kubeconfig anew with a current tool.',
      );
    }
    if (interactiveMode === 'Always') {
      throw fail(
        `runs ${name}, which asks questions in a terminal`,
        `Run ${name} in a terminal once, or choose another way to sign in.`,
      );
    }
    await this.#kubeconfigs.recheck(this.#id);
    this.#kubeconfigs.assertTrusted(this.#id);
    const { facts, material } = this.#kubeconfigs.material(this.#id);
    const program = facts.program;
    if (program?.path == null) {
      const hint = installHint === null ? '' : ` The kubeconfig says: ${hintOf(installHint)}`;
      throw fail(
        `needs the program ${name}, which is not installed`,
        `Install ${name}, or put it into the PATH of your login shell.${hint}`,
      );
    }
    if (program.sha256 === null) {
      throw fail(
        `runs ${name}, which cannot be read and so cannot be checked`,
        `Make ${shown(program.path)} readable.`,
      );
    }
    const result = await runProgram(
      program.path,
      this.#exec.args,
      await this.#environment(material),
      this.#limits,
      signal,
    );
    // Before anything of it is cut away: half a credential is not recognised.
    const said = result.kind === 'failed' ? this.#redactor.redact(result.said).trim() : '';
    switch (result.kind) {
      case 'failed':
        throw fail(
          `runs ${name}, which ended with ${result.how}${said === '' ? '' : `: ${hintOf(said)}`}`,
          `Run ${name} in a terminal to see what it needs; often it is a new sign-in.`,
        );
      case 'too-slow':
        throw fail(
          `runs ${name}, which gave no answer in ${this.#limits.timeoutMs / 1000} s and was stopped`,
          `Run ${name} in a terminal to see what it waits for.`,
        );
      case 'too-much':
        throw fail(`runs ${name}, which printed more than credentials`, `Check that ${name} is the right program.`);
      case 'printed':
        return this.#read(result.output, fail);
    }
  }

  #read(output: string, fail: (what: string, remedy: string, cause?: unknown) => AppError): Authentication {
    const name = shown(this.#exec.command);
    const parsed = ExecCredential.safeParse(jsonOf(output));
    const status = parsed.success && parsed.data.apiVersion === this.#exec.apiVersion ? parsed.data.status : null;
    const { token, clientCertificateData: cert, clientKeyData: key } = status ?? {};
    if (
      status === null ||
      (token === undefined && cert === undefined) ||
      (cert === undefined) !== (key === undefined)
    ) {
      throw fail(
        `runs ${name}, which printed no credentials of version ${shown(this.#exec.apiVersion)}`,
        `Run ${name} in a terminal and look at what it prints; a newer version may be needed.`,
      );
    }
    for (const secret of [token, key]) if (secret !== undefined) this.#redactor.register(secret.trim());
    const end = status.expirationTimestamp == null ? NaN : Date.parse(status.expirationTimestamp);
    return {
      bearer: token ?? null,
      certificate: cert === undefined || key === undefined ? null : { cert: Buffer.from(cert), key: Buffer.from(key) },
      until: Number.isNaN(end) ? Infinity : end - marginMs,
    };
  }

  /** What the person's programs get anyway, without what is this app's own, and with what the kubeconfig adds. */
  async #environment(material: Material): Promise<NodeJS.ProcessEnv> {
    const own = /^(AI4K8S|GROQ|ELECTRON|NODE_|npm_)/;
    const inherited = Object.entries(process.env).filter(([name]) => !own.test(name));
    const added = this.#exec.env.map(({ name, value }) => [name, value] as const);
    const { cluster } = material;
    const info = {
      apiVersion: this.#exec.apiVersion,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        ...(this.#exec.provideClusterInfo
          ? {
              cluster: {
                server: cluster.address,
                ...(cluster.caData === null ? {} : { 'certificate-authority-data': cluster.caData }),
                ...(cluster.tlsServerName === null ? {} : { 'tls-server-name': cluster.tlsServerName }),
                ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
                ...(cluster.proxyUrl === null ? {} : { 'proxy-url': cluster.proxyUrl }),
              },
            }
          : {}),
      },
    };
    return {
      ...Object.fromEntries(inherited),
      PATH: await loginPath(),
      ...Object.fromEntries(added),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    };
  }
}

/** What a stranger's text may say on screen: its last line's worth, every control character visible. */
function hintOf(text: string): string {
  return text.trim().split(/\s+/).map(shown).join(' ').slice(-300);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCredentialsError(error: unknown): error is AppError {
  return error instanceof Error && 'failure' in error && (error as AppError).failure.code === 'cluster.credentials';
}
