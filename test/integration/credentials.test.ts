import { describe, expect, test } from 'vitest';
import { CertificateAuthority } from '../../main/demo/tls.ts';
import { base64, CredentialBench, failureOf } from '../support/credential-bench.ts';
import { startHttpProxy, startSocksProxy } from '../support/credential-servers.ts';

const bench = CredentialBench.prepare();

describe('credentials that are written down', () => {
  test('a token reaches the API server, and needs no question', async () => {
    await bench.opened(bench.trusted, { token: 'from-the-file' }, false);
    expect(await bench.ask()).toEqual({ gitVersion: 'v1.36.3' });
    expect(bench.server.seen[0]?.headers.authorization).toBe('Bearer from-the-file');
  });

  test('a token file in its own folder is read, and read anew after a 401', async () => {
    await bench.folder.file('token', 'first\n');
    const { kubeconfigs } = await bench.opened(bench.trusted, { tokenFile: 'token', token: 'not-this' }, false);
    expect(kubeconfigs.list()[0]?.questions).toEqual([]);
    await bench.ask();
    await bench.folder.file('token', 'second\n');
    bench.server.refused.add('Bearer first');
    await bench.ask();
    expect(bench.bearers).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
  });

  test('user name and password reach the API server as basic auth', async () => {
    await bench.opened(bench.trusted, { username: 'jan', password: 'pa:ss' }, false);
    await bench.ask();
    expect(bench.server.seen[0]?.headers.authorization).toBe(`Basic ${base64('jan:pa:ss')}`);
  });

  test('a client certificate is shown to the API server, inline and from files', async () => {
    const { certificate, key } = await bench.server.client('inline');
    await bench.opened(
      bench.trusted,
      { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
      false,
    );
    await bench.ask();
    const other = await bench.server.client('file');
    await bench.folder.file('user.crt', other.certificate);
    await bench.folder.file('user.key', other.key);
    await bench.folder.file('ca.crt', bench.server.ca);
    await bench.opened(
      { server: bench.server.url, 'certificate-authority': './ca.crt' },
      { 'client-certificate': 'user.crt', 'client-key': 'user.key' },
      false,
    );
    await bench.ask();
    expect(bench.server.seen.map((one) => one.certificateOf)).toEqual(['inline', 'file']);
    expect(bench.server.seen[1]?.headers.authorization).toBeUndefined();
  });

  test('a client certificate in a file is read anew after a 401, where no header is sent', async () => {
    const write = async (user: string) => {
      const { certificate, key } = bench.server.client(user);
      await bench.folder.file('user.crt', certificate);
      await bench.folder.file('user.key', key);
    };
    await write('old');
    await bench.opened(bench.trusted, { 'client-certificate': 'user.crt', 'client-key': 'user.key' }, false);
    await bench.ask();
    await write('new');
    bench.server.refused.add('CN=old');
    expect(await bench.ask()).toEqual({ gitVersion: 'v1.36.3' });
    expect(bench.server.seen.map((one) => one.certificateOf)).toEqual(['old', 'old', 'new']);
  });

  test('an authority in a file that was replaced is another identity before anything is sent under it', async () => {
    await bench.folder.file('ca.crt', bench.server.ca);
    const cluster = { server: bench.server.url, 'certificate-authority': 'ca.crt' };
    const { kubeconfigs, upstreams } = await bench.opened(cluster, { token: 't' }, false);
    const { id = '', identity } = kubeconfigs.list()[0] ?? {};
    await bench.ask();
    const approvedOver = upstreams.get(id);
    await bench.folder.file('ca.crt', `${bench.server.ca}${new CertificateAuthority().certificate}`);
    approvedOver.renew();
    // What was approved for the first authority is not sent: its connection gives no credentials any more.
    expect(await failureOf(approvedOver.credentials())).toMatchObject({ code: 'cluster.credentials' });
    expect(kubeconfigs.get(id)?.identity.caSha256).not.toBe(identity?.caSha256);
    expect(upstreams.get(id).config.identity).toEqual(kubeconfigs.get(id)?.identity);
    expect(upstreams.get(id)).not.toBe(approvedOver);
  });

  test('reading goes on over a replaced authority, without a failure in between', async () => {
    await bench.folder.file('ca.crt', bench.server.ca);
    const cluster = { server: bench.server.url, 'certificate-authority': 'ca.crt' };
    const { kubeconfigs, upstreams } = await bench.opened(cluster, { token: 't' }, false);
    const { id = '' } = kubeconfigs.list()[0] ?? {};
    await bench.ask();
    await bench.folder.file('ca.crt', `${bench.server.ca}${new CertificateAuthority().certificate}`);
    upstreams.get(id).renew();
    expect(await bench.ask()).toEqual({ gitVersion: 'v1.36.3' });
  });

  test('nothing is sent for a user without credentials', async () => {
    await bench.opened(bench.trusted, {}, false);
    await bench.ask();
    expect(bench.server.seen[0]).toMatchObject({ certificateOf: null });
    expect(bench.server.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('impersonation is sent once it was consented to, each group on its own', async () => {
    const user = {
      token: 't',
      as: 'dev',
      'as-uid': '7',
      'as-groups': ['a', 'b'],
      'as-user-extra': { 'x/y z': ['1', '2'] },
    };
    const { kubeconfigs, consent } = await bench.opened(bench.trusted, user, false);
    expect(await failureOf(bench.ask())).toMatchObject({ code: 'cluster.untrusted' });
    expect(bench.server.seen).toEqual([]);
    consent(kubeconfigs.list()[0]?.id ?? '');
    await bench.ask();
    expect(bench.server.seen[0]?.headers).toMatchObject({ 'impersonate-user': 'dev', 'impersonate-uid': '7' });
    expect(bench.server.seen[0]?.distinct['impersonate-group']).toEqual(['a', 'b']);
    expect(bench.server.seen[0]?.distinct['impersonate-extra-x%2fy%20z']).toEqual(['1', '2']);
  });

  test('a token and a password together are refused by name, as only one can be sent', async () => {
    await bench.opened(bench.trusted, { token: 't', username: 'u', password: 'p' });
    expect(await failureOf(bench.ask())).toMatchObject({ code: 'cluster.credentials', cluster: 'test' });
  });

  test('a certificate that is none is told as a fault of the kubeconfig, without its bytes', async () => {
    await bench.opened(bench.trusted, {
      'client-certificate-data': base64('rubbish'),
      'client-key-data': base64('secret-rubbish'),
    });
    const failure = await failureOf(bench.ask());
    expect(failure.code).toBe('kubeconfig.invalid');
    expect(JSON.stringify(failure)).not.toContain('rubbish');
  });

  test('a certificate of another authority is told as that', async () => {
    const other = new CertificateAuthority();
    await bench.opened(
      { server: bench.server.url, 'certificate-authority-data': base64(other.certificate) },
      { token: 't' },
    );
    expect((await failureOf(bench.ask())).code).toBe('cluster.certificate');
    expect(bench.server.seen).toEqual([]);
  });
});

describe('what weakens the connection', () => {
  test('an unchecked certificate is used only after consent', async () => {
    const { kubeconfigs, consent } = await bench.opened(
      { server: bench.server.url, 'insecure-skip-tls-verify': true },
      { token: 't' },
      false,
    );
    expect(await failureOf(bench.ask())).toMatchObject({ code: 'cluster.untrusted' });
    consent(kubeconfigs.list()[0]?.id ?? '');
    await bench.ask();
    expect(bench.server.seen).toHaveLength(1);
  });

  test('another name in the certificate is asked about, then checked against', async () => {
    await bench.opened({ ...bench.trusted, 'tls-server-name': 'kubernetes.default.svc' }, { token: 't' });
    await bench.ask();
    expect(bench.server.seen).toHaveLength(1);
    await bench.opened({ ...bench.trusted, 'tls-server-name': 'somebody.else' }, { token: 't' });
    expect((await failureOf(bench.ask())).code).toBe('cluster.certificate');
  });
});

describe('proxies', () => {
  test.each([
    ['http', startHttpProxy],
    ['socks', startSocksProxy],
  ])(
    'everything goes through a %s proxy, with the client certificate, once that is consented to',
    async (_kind, start) => {
      const proxy = await start();
      try {
        const { certificate, key } = await bench.server.client('behind');
        const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key), token: 't' };
        const { kubeconfigs, consent } = await bench.opened({ ...bench.trusted, 'proxy-url': proxy.url }, user, false);
        expect(await failureOf(bench.ask())).toMatchObject({ code: 'cluster.untrusted' });
        expect(proxy.asked).toEqual([]);
        consent(kubeconfigs.list()[0]?.id ?? '');
        await bench.ask();
        expect(proxy.asked).toEqual([`127.0.0.1:${String(bench.server.port)}`]);
        expect(bench.server.seen[0]).toMatchObject({ certificateOf: 'behind' });
        expect(bench.server.seen[0]?.headers.authorization).toBe('Bearer t');
      } finally {
        await bench.close();
        await proxy.close();
      }
    },
  );

  test("the person's own proxy of the environment is used for what is not on this machine", async () => {
    const proxy = await startHttpProxy();
    process.env['HTTPS_PROXY'] = proxy.url;
    try {
      const cluster = {
        ...bench.trusted,
        server: `https://cluster.test:${String(bench.server.port)}`,
        'tls-server-name': 'localhost',
      };
      await bench.opened(cluster, { token: 't' });
      await bench.ask();
      expect(proxy.asked).toEqual([`cluster.test:${String(bench.server.port)}`]);
      await bench.opened(bench.trusted, { token: 't' });
      await bench.ask();
      expect(proxy.asked).toHaveLength(1);
      expect(bench.server.seen).toHaveLength(2);
    } finally {
      delete process.env['HTTPS_PROXY'];
      await bench.close();
      await proxy.close();
    }
  });
});
