import type { IncomingMessage } from 'node:http';
import { parse as parseYaml, stringify as writeYaml } from 'yaml';
import { readWhole, type Rewriter } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { maskReleases } from './helm-release.ts';
import { isSecretPath, maskAnswer, type Masking, type MaskKey } from './mask-secrets.ts';

/** How an answer on Secrets must be masked under this permit; null: it may pass as it is. */
export function maskingFor({ permit, request }: Exchange, accept: string, key: MaskKey): Masking | null {
  if (!isSecretPath(request.target)) return null;
  // Tables and metadata carry a clear copy of the values in an annotation, which nobody looks for there.
  const metadataOnly = /as=(Table|PartialObjectMetadata)/.test(accept);
  if (!permit.masks && !metadataOnly) return null;
  const helm = permit.spec.kind === 'read' ? 'mask' : 'pass';
  return { key, values: permit.masks, helm, form: 'base64' };
}

/** A whole answer in JSON or YAML, masked. */
export async function maskedBody(message: IncomingMessage, masking: Masking): Promise<Buffer> {
  const text = (await readWhole(message)).toString('utf8');
  const isYaml = (message.headers['content-type'] ?? '').includes('yaml');
  const value: unknown = isYaml ? parseYaml(text, { version: '1.1' }) : JSON.parse(text);
  const masked = maskAll(value, masking);
  return Buffer.from(isYaml ? writeYaml(masked) : JSON.stringify(masked));
}

/** Masks a watch: one JSON document a line, and chunks do not keep to lines. */
export class WatchMasker implements Rewriter {
  readonly #masking: Masking;
  #held: Buffer[] = [];

  constructor(masking: Masking) {
    this.#masking = masking;
  }

  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#held.push(chunk.subarray(from, end));
      out.push(this.#line());
      from = end + 1;
    }
    if (from < chunk.length) this.#held.push(Buffer.from(chunk.subarray(from)));
    return out;
  }

  /** A line that never ended cannot be read, so it is not passed on. */
  end(): Buffer {
    return Buffer.alloc(0);
  }

  #line(): Buffer {
    const text = Buffer.concat(this.#held).toString('utf8');
    this.#held = [];
    if (text.trim() === '') return Buffer.from('\n');
    return Buffer.from(`${JSON.stringify(maskAll(JSON.parse(text), this.#masking))}\n`);
  }
}

function maskAll(value: unknown, masking: Masking): unknown {
  return masking.helm === 'mask' ? maskReleases(value, masking) : maskAnswer(value, masking);
}
