/**
 * What a kubeconfig wants that a stranger who wrote it could turn against the person: running a program, reading a
 * file from somewhere else, weakening the connection, acting as somebody else. Each is one question, asked once.
 *
 * A question's id is the digest of everything the consent is about: the program's resolved path, arguments,
 * environment and content, and where the outcome is sent (server, its CA, TLS checks, proxy). So the same program with
 * another argument, or the same program for another server, is another question.
 *
 * Decided against: consent per kubeconfig or per context (a later edit of the file would inherit it), and consent by
 * the command's name (PATH decides what that is). What a script calls in its turn is beyond this check.
 * Pure: nothing is read or run here.
 */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { filesOf } from './named-files.ts';
import { shown } from './parse.ts';
import type { TrustQuestion } from '../../shared/clusters.ts';
import type { Facts } from './facts.ts';
import type { Material } from './material.ts';

type Detail = TrustQuestion['details'][number];

/** Everything in a context that needs consent, in the order in which it would happen. Empty: nothing does. */
export function questionsOf(material: Material, facts: Facts): readonly TrustQuestion[] {
  return [
    ...serverQuestions(material),
    ...borrowedQuestions(material),
    ...fileQuestions(material, facts),
    ...programQuestions(material, facts),
    ...impersonationQuestions(material),
  ];
}

function serverQuestions(material: Material): TrustQuestion[] {
  const { server, address, insecureSkipTlsVerify, proxyUrl, tlsServerName } = material.cluster;
  const questions: TrustQuestion[] = [];
  if (server.protocol === 'http:' && (!isLoopback(server.hostname) || hasCredentials(material))) {
    const text = isLoopback(server.hostname)
      ? 'Sends credentials to this machine without encryption.'
      : 'Talks to the cluster without encryption: anyone on the way can read and change everything. Credentials are not sent.';
    questions.push(question('plain-http', text, [['Server', address]], material));
  }
  if (insecureSkipTlsVerify && server.protocol === 'https:') {
    const text =
      'Does not check who the server is: anyone on the way can pose as the cluster and take the credentials.';
    questions.push(question('skip-tls-verify', text, [['Server', address]], material));
  }
  if (proxyUrl !== null) {
    const text = 'Sends everything for this cluster through a proxy.';
    questions.push(question('proxy', text, [['Proxy', withoutPassword(proxyUrl)]], material));
  }
  if (tlsServerName !== null) {
    const text = "Accepts a certificate for another name than the server's.";
    const details: Pair[] = [
      ['Server', address],
      ['Name in the certificate', tlsServerName],
    ];
    questions.push(question('server-name', text, details, material));
  }
  return questions;
}

/**
 * With several kubeconfigs a context may join a user of one to a cluster of another. So a file that came along could
 * have the credentials of all the others sent to a server of its own.
 */
function borrowedQuestions(material: Material): TrustQuestion[] {
  const { cluster, user } = material;
  const isCertified = user.certFile !== null || user.certData !== null;
  if (cluster.source === user.source || !(isCertified || hasCredentials(material))) return [];
  const text = `Sends the credentials of one kubeconfig to a server that another one names.`;
  const details: Pair[] = [
    ['Credentials of', user.name],
    ['From', user.source],
    ['Server', cluster.address],
    ['Named in', cluster.source],
  ];
  return [question('file-outside', text, details, material)];
}

function fileQuestions(material: Material, facts: Facts): TrustQuestion[] {
  return filesOf(material).flatMap(({ what, path }) => {
    const fact = facts.files.get(path);
    if (fact?.inside === true) return [];
    const real = fact?.real ?? null;
    const use = what === 'token' ? ` and sends it to ${material.cluster.server.host}` : '';
    const text = `Reads the ${what} from a file outside the kubeconfig's folder${use}.`;
    const details: Pair[] = [
      ['File', path],
      ...(real === null || real === path ? [] : ([['Leads to', real]] as Pair[])),
    ];
    return [question('file-outside', text, details, material, what)];
  });
}

function programQuestions(material: Material, { program }: Facts): TrustQuestion[] {
  const { exec, authProvider } = material.user;
  const questions: TrustQuestion[] = [];
  // A program that is not there cannot be consented to: it is asked about once it is, with its hash.
  if (exec !== null && program?.path != null && program.sha256 !== null) {
    const details: Pair[] = [
      ['Program', program.path],
      ...(program.real === null || program.real === program.path ? [] : ([['Leads to', program.real]] as Pair[])),
      ...exec.args.map((argument, index): Pair => [`Argument ${index + 1}`, argument]),
      ...exec.env.map(({ name, value }): Pair => [`Variable ${name}`, value]),
      ['SHA-256', program.sha256],
      ['Credentials go to', material.cluster.address],
    ];
    const more = [exec.apiVersion, exec.interactiveMode, exec.provideClusterInfo].join(' ');
    questions.push(
      question('exec-plugin', 'Runs a program of this machine to get credentials.', details, material, more),
    );
  }
  if (authProvider !== null && authProvider.name !== 'oidc') {
    const text = `Uses the retired sign-in way ${shown(authProvider.name)}; its token is sent, its program is never run.`;
    const details: Pair[] = [
      ['Way', authProvider.name],
      ...(['cmd-path', 'cmd-args'] as const).flatMap((key): Pair[] => {
        const value = authProvider.config[key];
        return value === undefined ? [] : [[key === 'cmd-path' ? 'Program' : 'Arguments', value]];
      }),
    ];
    questions.push(question('auth-provider', text, details, material));
  }
  return questions;
}

function impersonationQuestions(material: Material): TrustQuestion[] {
  const { impersonate } = material.user;
  if (impersonate === null) return [];
  const details: Pair[] = [
    ...(impersonate.user === null ? [] : ([['User', impersonate.user]] as Pair[])),
    ...(impersonate.uid === null ? [] : ([['UID', impersonate.uid]] as Pair[])),
    ...impersonate.groups.map((group): Pair => ['Group', group]),
    ...Object.entries(impersonate.extra).flatMap(([key, values]) =>
      values.map((value): Pair => [`Extra ${key}`, value]),
    ),
  ];
  return [question('impersonation', 'Acts in the cluster as somebody else.', details, material)];
}

type Pair = readonly [label: string, value: string];

function question(
  kind: TrustQuestion['kind'],
  text: string,
  details: readonly Pair[],
  material: Material,
  more = '',
): TrustQuestion {
  // JSON of arrays is unambiguous: no value can pass for two.
  const content = JSON.stringify([kind, more, details, destinationOf(material)]);
  return {
    id: createHash('sha256').update(content).digest('hex'),
    kind,
    text,
    details: details.map(([label, value], index) => detail(label, value, details[index - 1]?.[1])),
  };
}

/** Where whatever is consented to ends up. */
function destinationOf({ cluster }: Material): readonly (string | boolean | null)[] {
  return [
    cluster.address,
    cluster.caData,
    cluster.caFile,
    cluster.insecureSkipTlsVerify,
    cluster.tlsServerName,
    cluster.proxyUrl,
  ];
}

/** Names of options and variables whose values are secrets, as far as a name tells. */
export const secretName = /secret|token|passw|credential|api-?_?key|access-?_?key|private/i;

/** As the person sees it: exact, unless it looks like a secret, which is told by its digest. */
function detail(label: string, value: string, previous: string | undefined): Detail {
  const variable = label.startsWith('Variable ') && secretName.test(label);
  const option = /^(--?[^=]+)=(.+)$/s.exec(value);
  const isArgument = label.startsWith('Argument ');
  if (isArgument && option?.[1] !== undefined && option[2] !== undefined && secretName.test(option[1])) {
    return { label, value: `${visible(option[1])}=${hidden(option[2])}` };
  }
  const afterOption =
    isArgument && previous?.startsWith('-') === true && !previous.includes('=') && secretName.test(previous);
  return {
    label: visible(label),
    value: variable || (afterOption && !value.startsWith('-')) ? hidden(value) : visible(value),
  };
}

/** Arguments of a program as they may be shown: exact, but for what looks like a secret, which is told by its digest. */
export function shownArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => detail(`Argument ${String(index + 1)}`, argument, args[index - 1]).value);
}

function hidden(value: string): string {
  return `hidden (SHA-256 ${createHash('sha256').update(value).digest('hex').slice(0, 12)})`;
}

/** Long values are told by their beginning, their length and their digest, so that nothing hides behind a cut. */
function visible(value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => shown(character));
  if (text.length <= 400) return text;
  return `${text.slice(0, 300)}… (${value.length} characters, SHA-256 ${createHash('sha256').update(value).digest('hex').slice(0, 12)})`;
}

function withoutPassword(proxy: string): string {
  const url = URL.parse(proxy);
  if (url === null) return proxy;
  if (url.password !== '') url.password = '***';
  return url.href;
}

export function hasCredentials({ user }: Material): boolean {
  const { token, tokenFile, username, password, exec, authProvider } = user;
  return [token, tokenFile, username, password, exec, authProvider].some((value) => value !== null);
}

export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost');
}
