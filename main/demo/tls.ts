/**
 * The demo cluster's certificates: a CA of its own, made at each start, one for the server and one per user. EC P-256,
 * because RSA keys would cost most of the start.
 */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Extension } from '@peculiar/x509';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function serialNumber(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

/** Issues certificates for the server and its users. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #now: number;

  private constructor(keys: webcrypto.CryptoKeyPair, certificate: string, now: number) {
    this.#keys = keys;
    this.certificate = certificate;
    this.#now = now;
  }

  static async create(now = Date.now()): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const made = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: 'CN=demo-cluster-ca',
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + 3650 * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
      ],
    });
    return new CertificateAuthority(keys, `${made.toString('pem')}\n`, now);
  }

  /** For 127.0.0.1, ::1 and localhost. `validMs` may be negative: the fault of an expired certificate. */
  async server(validMs = 365 * dayMs): Promise<KeyPair> {
    const names = new SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
      { type: 'dns', value: 'localhost' },
      { type: 'dns', value: 'kubernetes.default.svc' },
    ]);
    return this.#issue([{ CN: ['kube-apiserver'] }], ExtendedKeyUsage.serverAuth, validMs, [names]);
  }

  /** A client certificate: the user is its CN, the groups its O, as Kubernetes reads them. */
  async client(user: string, groups: string[], validMs = 365 * dayMs): Promise<KeyPair> {
    return this.#issue(
      [...groups.map((group) => ({ O: [group] })), { CN: [user] }],
      ExtendedKeyUsage.clientAuth,
      validMs,
      [],
    );
  }

  async #issue(
    subject: Record<string, string[]>[],
    usage: ExtendedKeyUsage,
    validMs: number,
    more: Extension[],
  ): Promise<KeyPair> {
    const keys = await newKeys();
    const made = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: 'CN=demo-cluster-ca',
      notBefore: new Date(this.#now - dayMs),
      notAfter: new Date(this.#now + validMs),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...more,
      ],
    });
    return { certificate: `${made.toString('pem')}\n`, key: await privateKeyPem(keys.privateKey) };
  }
}
