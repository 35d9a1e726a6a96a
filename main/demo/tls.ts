/**
 * The demo cluster's certificates: a CA of its own, made at each start, one for the server and one per user.
 *
 * Promises: EC P-256 throughout; all three are made in a few milliseconds.
 * Decided against: a certificate library. It cost a sixth of the whole start (twenty packages to load), and what is
 * written here is four extensions of one kind of certificate, checked by OpenSSL and Go in the tests.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bits, implicit, integer, octets, oid, sequence, set, time, truth, utf8, wrapped } from './der.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

const dayMs = 86_400_000;
const signedBy = sequence(oid('1.2.840.10045.4.3.2'));
const attributes = { CN: '2.5.4.3', O: '2.5.4.10' };
const usages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

type Subject = [attribute: keyof typeof attributes, value: string][];

interface Request {
  subject: Subject;
  publicKey: KeyObject;
  notBefore: number;
  notAfter: number;
  extensions: Buffer[];
}

function nameOf(subject: Subject): Buffer {
  return sequence(...subject.map(([attribute, value]) => set(sequence(oid(attributes[attribute]), utf8(value)))));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [truth()] : []), octets(value));
}

const basicConstraints = (isAuthority: boolean): Buffer =>
  extension('2.5.29.19', true, isAuthority ? sequence(truth()) : sequence());
const keyUsage = (flags: number, unused: number): Buffer =>
  extension('2.5.29.15', true, bits(Buffer.from([flags]), unused));
const extendedUsage = (usage: string): Buffer => extension('2.5.29.37', false, sequence(oid(usage)));

/** Certificate signing, revocation lists and signatures; signatures alone. */
const authorityUsage = keyUsage(0x86, 1);
const leafUsage = keyUsage(0x80, 7);

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Issues certificates for the server and its users. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #subject: Subject = [['CN', 'demo-cluster-ca']];
  readonly #privateKey: KeyObject;
  readonly #now: number;

  /** @param now epoch milliseconds; certificates are valid from a day before. */
  constructor(now = Date.now()) {
    const { publicKey, privateKey } = newKeys();
    this.#privateKey = privateKey;
    this.#now = now;
    this.certificate = this.#issue({
      subject: this.#subject,
      publicKey,
      notBefore: now - dayMs,
      notAfter: now + 3650 * dayMs,
      extensions: [basicConstraints(true), authorityUsage],
    });
  }

  /** For 127.0.0.1, ::1 and localhost. `validMs` may be negative: the fault of an expired certificate. */
  server(validMs = 365 * dayMs): KeyPair {
    const names = sequence(
      implicit(7, Buffer.from([127, 0, 0, 1])),
      implicit(7, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
      implicit(2, Buffer.from('localhost')),
      implicit(2, Buffer.from('kubernetes.default.svc')),
    );
    return this.#leaf([['CN', 'kube-apiserver']], usages.server, validMs, [extension('2.5.29.17', false, names)]);
  }

  /** A client certificate: the user is its CN, the groups its O, as Kubernetes reads them. */
  client(user: string, groups: string[], validMs = 365 * dayMs): KeyPair {
    const organizations = groups.map((group): Subject[number] => ['O', group]);
    return this.#leaf([...organizations, ['CN', user]], usages.client, validMs, []);
  }

  #leaf(subject: Subject, usage: string, validMs: number, more: Buffer[]): KeyPair {
    const { publicKey, privateKey } = newKeys();
    const certificate = this.#issue({
      subject,
      publicKey,
      notBefore: this.#now - dayMs,
      notAfter: this.#now + validMs,
      extensions: [basicConstraints(false), leafUsage, extendedUsage(usage), ...more],
    });
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }

  #issue({ subject, publicKey, notBefore, notAfter, extensions }: Request): string {
    const body = sequence(
      wrapped(0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      signedBy,
      nameOf(this.#subject),
      sequence(time(notBefore), time(notAfter)),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      wrapped(3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, this.#privateKey);
    return pem('CERTIFICATE', sequence(body, signedBy, bits(signature)));
  }
}
