import { gunzipSync, gzipSync } from 'node:zlib';
import { parseAllDocuments, stringify } from 'yaml';
import { isFields, type Fields } from './body.ts';
import { maskAnswer, maskSecret, type Masking } from './mask-secrets.ts';

const releaseType = 'helm.sh/release.v1';
const longestBytes = 32_000_000;

/**
 * Masks an answer on Secrets so that Helm can still read its releases: in each release record the values that the person
 * gave, and the Secrets in the manifest, are masked inside; every other Secret as a whole.
 */
export function maskReleases(answer: unknown, masking: Masking): unknown {
  if (!isFields(answer)) return answer;
  if (Array.isArray(answer['items'])) {
    const items = answer['items'].map((one: unknown) => maskOne(one, masking));
    return { ...answer, items };
  }
  if (isFields(answer['object']) && typeof answer['type'] === 'string') {
    return { ...answer, object: maskReleases(answer['object'], masking) };
  }
  return answer['type'] === releaseType ? maskOne(answer, masking) : maskAnswer(answer, masking);
}

function maskOne(secret: unknown, masking: Masking): unknown {
  if (!isFields(secret) || secret['type'] !== releaseType || !masking.values) return maskSecret(secret, masking);
  const data = isFields(secret['data']) ? secret['data'] : {};
  const masked = maskSecret(secret, masking) as Fields;
  const release = typeof data['release'] === 'string' ? maskRelease(data['release'], masking) : null;
  return release === null ? masked : { ...masked, data: { ...(masked['data'] as Fields), release } };
}

/** `release` is base64 of base64 of gzipped JSON. Null where it is not that: then it is masked whole. */
function maskRelease(encoded: string, masking: Masking): string | null {
  try {
    const packed = Buffer.from(Buffer.from(encoded, 'base64').toString('utf8'), 'base64');
    const text = gunzipSync(packed, { maxOutputLength: longestBytes }).toString('utf8');
    const release: unknown = JSON.parse(text);
    if (!isFields(release)) return null;
    const manifest = typeof release['manifest'] === 'string' ? maskManifest(release['manifest'], masking) : '';
    const safe = { ...release, config: maskLeaves(release['config']), manifest, hooks: [] };
    return Buffer.from(gzipSync(JSON.stringify(safe)).toString('base64')).toString('base64');
  } catch {
    return null;
  }
}

function maskLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskLeaves);
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskLeaves(inner)]));
  return typeof value === 'string' || typeof value === 'number' ? 'masked' : value;
}

function maskManifest(manifest: string, masking: Masking): string {
  if (!/\bkind:\s*["']?Secret\b/.test(manifest)) return manifest;
  return parseAllDocuments(manifest, { version: '1.1' })
    .map((document): unknown => document.toJS())
    .map((object) => (isFields(object) && object['kind'] === 'Secret' ? maskSecret(object, masking) : object))
    .map((object) => `---\n${stringify(object)}`)
    .join('');
}
