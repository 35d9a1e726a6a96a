import { createHmac, randomBytes } from 'node:crypto';
import { isFields, type Fields } from './body.ts';
import type { Target } from './permits.ts';

/** Key of the marks that make equal values recognisable; whoever does not hold it can test no guess. */
export type MaskKey = Buffer;
export const newMaskKey = (): MaskKey => randomBytes(32);

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const helmType = 'helm.sh/release.v1';

export interface Masking {
  readonly key: MaskKey;
  /** Values too, not only the copies of values that stand in metadata. */
  readonly values: boolean;
  /** Helm decodes its own release Secrets and writes them back: they pass. */
  readonly helm: 'mask' | 'pass';
  /** Answers to clients keep `data` in base64, or typed clients fail; records are read by people. */
  readonly form: 'base64' | 'text';
}

export function isSecretPath(target: Target | null): boolean {
  return target !== null && target.group === '' && target.resource === 'secrets';
}

/** Masks a parsed answer on Secrets, whatever its shape: object, list, Table, metadata only, watch event. Returns a copy. */
export function maskAnswer(value: unknown, masking: Masking): unknown {
  if (!isFields(value)) return value;
  if (Array.isArray(value['rows'])) return { ...value, rows: value['rows'].map((row) => maskRow(row, masking)) };
  if (Array.isArray(value['items'])) return { ...value, items: value['items'].map((one) => maskSecret(one, masking)) };
  if (typeof value['type'] === 'string' && isFields(value['object'])) {
    return { ...value, object: maskAnswer(value['object'], masking) };
  }
  return value['kind'] === 'Status' ? value : maskSecret(value, masking);
}

function maskRow(row: unknown, masking: Masking): unknown {
  return isFields(row) && row['object'] !== undefined ? { ...row, object: maskSecret(row['object'], masking) } : row;
}

/** One Secret, or its metadata. */
export function maskSecret(secret: unknown, masking: Masking): unknown {
  if (!isFields(secret)) return secret;
  const out: Fields = { ...secret, metadata: maskMetadata(secret['metadata'], masking) };
  const passes = masking.helm === 'pass' && secret['type'] === helmType;
  if (!masking.values || passes) return out;
  if (isFields(out['data'])) out['data'] = maskValues(out['data'], masking, true);
  if (isFields(out['stringData'])) out['stringData'] = maskValues(out['stringData'], masking, false);
  return out;
}

/** A clear copy of every value stands in last-applied-configuration. */
function maskMetadata(metadata: unknown, masking: Masking): unknown {
  if (!isFields(metadata)) return metadata;
  const { managedFields: _fields, ...kept } = metadata;
  const annotations = kept['annotations'];
  if (!isFields(annotations) || annotations[lastApplied] === undefined) return kept;
  return { ...kept, annotations: { ...annotations, [lastApplied]: mark(annotations[lastApplied], masking, false) } };
}

function maskValues(values: Fields, masking: Masking, encoded: boolean): Fields {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const masked = mark(value, masking, encoded);
      return [name, encoded && masking.form === 'base64' ? Buffer.from(masked).toString('base64') : masked];
    }),
  );
}

/** `masked, 12 bytes, 3fa2b1c4`: the length, and a mark that is the same for the same value. */
function mark(value: unknown, { key }: Masking, encoded: boolean): string {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), encoded ? 'base64' : 'utf8');
  const sum = createHmac('sha256', key).update(bytes).digest('hex').slice(0, 8);
  return `masked, ${String(bytes.length)} bytes, ${sum}`;
}

/** Every value of a Secret as it may stand in an error text, encoded and decoded. */
export function valuesIn(secret: unknown): string[] {
  if (!isFields(secret)) return [];
  const of = (key: string): string[] => {
    const values = secret[key];
    return isFields(values) ? Object.values(values).filter((one): one is string => typeof one === 'string') : [];
  };
  const decoded = of('data').map((value) => Buffer.from(value, 'base64').toString('utf8'));
  return [...of('data'), ...decoded, ...of('stringData')].filter((value) => value.length >= 3);
}

export function withoutValues(text: string, values: readonly string[]): string {
  return values.reduce((rest, value) => rest.replaceAll(value, 'masked'), text);
}
