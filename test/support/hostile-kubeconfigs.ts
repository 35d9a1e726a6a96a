/*
 * Kubeconfigs that a stranger could have written, each with what has to become of it.
 */
import { symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigOf } from './open-kubeconfigs.ts';
import { makePipe, writeEvil } from './planted.ts';

/** What stands in the planted file. */
export const secret = 'CANARY-of-a-planted-file';

export interface Place {
  /** Folder of the kubeconfig. */
  readonly own: string;
  /** Somewhere else, with `secret` in it and programs that make the canary. */
  readonly other: string;
  readonly canary: string;
  readonly server: string;
}
export interface HostileKubeconfig {
  readonly what: string;
  readonly text: (place: Place) => string;
  /** What is asked before it is used; where there are questions it is not used at all. */
  readonly asks?: readonly string[];
  /** Nothing of it can be used, and this is said. */
  readonly says?: RegExp;
  readonly prepare?: (place: Place) => Promise<void> | void;
}

export const simple = (cluster: object, user: object, place: Place) =>
  kubeconfigOf('x', { server: place.server, ...cluster }, user);
export const exec = (command: string, more: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, ...more },
});
const lines = (...all: string[]) => all.join('\n');
const withServer = (server: string) => kubeconfigOf('x', { server }, { token: 't' });

export const hostileKubeconfigs: readonly HostileKubeconfig[] = [
  {
    what: 'a shell as its plugin',
    asks: ['exec-plugin'],
    text: (p) => simple({}, exec('sh', { args: ['-c', `touch ${p.canary}`] }), p),
  },
  { what: 'a plugin by its absolute path', asks: ['exec-plugin'], text: (p) => simple({}, exec(`${p.other}/evil`), p) },
  {
    what: 'a plugin beside it',
    asks: ['exec-plugin'],
    prepare: (p) => writeEvil(join(p.own, 'kubectl-login'), p.canary),
    text: (p) => simple({}, exec('./kubectl-login'), p),
  },
  { what: 'a plugin above it', asks: ['exec-plugin'], text: (p) => simple({}, exec('../other/evil'), p) },
  {
    what: 'a plugin behind a link',
    asks: ['exec-plugin'],
    prepare: (p) => symlink(join(p.other, 'evil'), join(p.own, 'aws')),
    text: (p) => simple({}, exec('./aws'), p),
  },
  {
    what: 'a command line in place of a program',
    says: /not installed/,
    text: (p) => simple({}, exec(`sh -c 'touch ${p.canary}'`), p),
  },
  {
    what: 'a command that a shell would expand',
    says: /not installed/,
    text: (p) => simple({}, exec(`$(touch ${p.canary})`), p),
  },
  {
    what: 'a plugin that loads a library of its own',
    asks: ['exec-plugin'],
    text: (p) => simple({}, exec('true', { env: [{ name: 'LD_PRELOAD', value: `${p.other}/evil.so` }] }), p),
  },
  { what: 'a plugin that is a folder', says: /not installed/, text: (p) => simple({}, exec(p.other), p) },
  { what: 'a plugin that is a pipe', says: /not installed/, text: (p) => simple({}, exec(`${p.other}/pipe`), p) },
  { what: 'a plugin that is a device', says: /not installed/, text: (p) => simple({}, exec('/dev/zero'), p) },
  {
    what: 'a token file elsewhere',
    asks: ['file-outside'],
    text: (p) => simple({}, { tokenFile: `${p.other}/secret` }, p),
  },
  {
    what: 'a token file above it',
    asks: ['file-outside'],
    text: (p) => simple({}, { tokenFile: '../other/secret' }, p),
  },
  {
    what: 'a token file behind a link in its own folder',
    asks: ['file-outside'],
    prepare: (p) => symlink(join(p.other, 'secret'), join(p.own, 'token')),
    text: (p) => simple({}, { tokenFile: 'token' }, p),
  },
  {
    what: 'a token file behind a linked folder',
    asks: ['file-outside'],
    prepare: (p) => symlink(p.other, join(p.own, 'dir')),
    text: (p) => simple({}, { tokenFile: 'dir/secret' }, p),
  },
  {
    what: 'a token file of the home directory',
    asks: ['file-outside'],
    text: (p) => simple({}, { tokenFile: join(homedir(), '.ssh', 'id_rsa') }, p),
  },
  {
    what: 'a token file of the process',
    asks: ['file-outside'],
    text: (p) => simple({}, { tokenFile: '/proc/self/environ' }, p),
  },
  {
    what: 'a token file that is an endless device',
    asks: ['file-outside'],
    text: (p) => simple({}, { tokenFile: '/dev/zero' }, p),
  },
  {
    what: 'a token file that is a pipe in its own folder',
    says: /not a regular file/,
    prepare: (p) => makePipe(join(p.own, 'token')),
    text: (p) => simple({}, { tokenFile: 'token' }, p),
  },
  {
    what: 'a token file that is too large',
    says: /larger than 1 MiB/,
    prepare: (p) => writeFile(join(p.own, 'token'), 'x'.repeat(1024 * 1024 + 1)),
    text: (p) => simple({}, { tokenFile: 'token' }, p),
  },
  {
    what: 'a client key elsewhere',
    asks: ['file-outside', 'file-outside'],
    text: (p) => simple({}, { 'client-certificate': `${p.other}/secret`, 'client-key': `${p.other}/secret` }, p),
  },
  {
    what: 'a certificate authority elsewhere',
    asks: ['file-outside'],
    text: (p) => simple({ 'certificate-authority': `${p.other}/secret` }, { token: 't' }, p),
  },
  {
    what: 'a certificate authority that is a pipe',
    says: /not a regular file/,
    prepare: (p) => makePipe(join(p.own, 'ca')),
    text: (p) => simple({ 'certificate-authority': 'ca' }, { token: 't' }, p),
  },
  {
    what: "an identity provider's authority elsewhere",
    asks: ['file-outside'],
    text: (p) =>
      simple(
        {},
        {
          'auth-provider': {
            name: 'oidc',
            config: {
              'idp-certificate-authority': `${p.other}/secret`,
              'refresh-token': 'r',
              'client-id': 'c',
              'idp-issuer-url': p.server,
            },
          },
        },
        p,
      ),
  },
  {
    what: 'a program of the gcp way',
    asks: ['auth-provider'],
    text: (p) =>
      simple(
        {},
        { 'auth-provider': { name: 'gcp', config: { 'cmd-path': `${p.other}/evil`, 'cmd-args': '; id' } } },
        p,
      ),
  },
  {
    what: 'an unchecked certificate',
    asks: ['skip-tls-verify'],
    text: (p) => simple({ 'insecure-skip-tls-verify': true }, { token: 't' }, p),
  },
  { what: 'a proxy', asks: ['proxy'], text: (p) => simple({ 'proxy-url': p.server }, { token: 't' }, p) },
  {
    what: 'another name in the certificate',
    asks: ['server-name'],
    text: (p) => simple({ 'tls-server-name': 'evil.test' }, { token: 't' }, p),
  },
  {
    what: 'acting as somebody else',
    asks: ['impersonation'],
    text: (p) => simple({}, { token: 't', as: 'system:admin', 'as-groups': ['system:masters'] }, p),
  },
  { what: 'a plain address elsewhere', asks: ['plain-http'], text: () => withServer('http://203.0.113.7:8080') },
  {
    what: 'a token over a plain address of this machine',
    asks: ['plain-http'],
    text: () => withServer('http://127.0.0.1:8080'),
  },
  { what: 'an address that is a file', says: /no http or https address/, text: () => withServer('file:///etc/passwd') },
  {
    what: 'an address that is a script',
    says: /no http or https address/,
    text: () => withServer('javascript://alert(1)'),
  },
  {
    what: 'an address with a password in it',
    says: /no http or https address/,
    text: () => withServer('https://user:pass@127.0.0.1:1'),
  },
  { what: 'an address of no host', says: /no http or https address/, text: () => withServer('https://') },
  { what: 'aliases that multiply', says: /not valid YAML|no kubeconfig/, text: () => bomb() },
  {
    what: 'an alias of itself',
    says: /no kubeconfig|not valid YAML|in none of the files|has no name/,
    text: () => 'a: &a [*a, *a]\nclusters: *a\nusers: *a\ncontexts: *a',
  },
  { what: 'brackets without end', says: /not valid YAML/, text: () => `a: ${'['.repeat(40_000)}` },
  { what: 'dashes without end', says: /not valid YAML/, text: () => '- '.repeat(200_000) },
  {
    what: 'eighty thousand keys',
    says: /more parts/,
    text: () => Array.from({ length: 80_000 }, (_, index) => `k${String(index)}: 1`).join('\n'),
  },
  { what: 'half a million comments', says: /more parts/, text: () => '#\n'.repeat(500_000) },
  {
    what: 'more than 1 MiB',
    says: /larger than 1 MiB/,
    text: (p) => `${simple({}, { token: 't' }, p)}${' '.repeat(1024 * 1024)}`,
  },
  { what: 'a key twice', says: /not valid YAML/, text: () => 'apiVersion: v1\nkind: Config\nusers: []\nusers: []' },
  {
    what: 'a context twice',
    says: /more than once/,
    text: (p) => twice('contexts', { name: 'x', context: { cluster: 'c', user: 'u' } }, p),
  },
  {
    what: 'a user twice',
    says: /more than once/,
    text: (p) => twice('users', { name: 'u', user: { token: 'other' } }, p),
  },
  {
    what: 'a tag that builds an object',
    says: /not valid YAML/,
    text: () => 'a: !!js/function "function () { return 1 }"',
  },
  {
    what: 'a merge key',
    says: /not understood/,
    text: (p) =>
      lines(
        'x: &x',
        `  server: ${p.server}`,
        'clusters:',
        '- name: c',
        '  cluster:',
        '    <<: *x',
        'contexts:',
        '- name: x',
        '  context: {cluster: c}',
      ),
  },
  {
    what: 'names of objects every object has',
    says: /in none of the files/,
    text: () => lines('contexts:', '- name: __proto__', '  context: {cluster: constructor, user: toString}'),
  },
  { what: 'a list of another kind', says: /no kubeconfig/, text: () => 'kind: List\nitems: []' },
  { what: 'words in place of entries', says: /has no name/, text: () => 'clusters: [a]\nusers: [1]\ncontexts: [null]' },
  {
    what: 'a binary',
    says: /not valid YAML|no kubeconfig/,
    text: () => '\u007fELF\u0002\u0001\u0001\0\0\0'.repeat(1000),
  },
  { what: 'two documents', says: /not valid YAML/, text: () => 'kind: Config\n---\nkind: Config' },
  {
    what: 'a password and a token',
    says: /only one can be sent/,
    text: (p) => simple({}, { token: 't', username: 'u', password: 'p' }, p),
  },
  {
    what: 'an exec version of long ago',
    says: /not v1 or v1beta1/,
    asks: ['exec-plugin'],
    text: (p) => simple({}, exec('true', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }), p),
  },
  {
    what: 'a path that no system has',
    says: /cannot be read/,
    text: (p) => simple({}, { tokenFile: 'a\0b' }, p),
  },
  { what: 'a program that no system has', says: /not installed/, text: (p) => simple({}, exec('a\0b'), p) },
  {
    what: 'a token with a header in it',
    says: /cannot be sent/,
    text: (p) => simple({}, { token: 'a\r\nx-evil: 1' }, p),
  },
];

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
      : `a${String(level)}: &a${String(level)} [${Array(9)
          .fill(`*a${String(level - 1)}`)
          .join(',')}]`,
  );
  return [...levels, 'contexts: *a8', `clusters: [${Array(500).fill('*a8').join(',')}]`].join('\n');
}

function twice(list: 'contexts' | 'users', entry: object, { server: url }: Place): string {
  const config = JSON.parse(kubeconfigOf('x', { server: url }, { token: 't' })) as Record<string, object[]>;
  return JSON.stringify({ ...config, [list]: [...(config[list] ?? []), entry] });
}
