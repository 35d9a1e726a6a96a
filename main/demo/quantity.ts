/** The canonical spelling of Kubernetes quantities, in which a server stores them. Their value: shared/quantity.ts. */

const binary: Record<string, number> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };
const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

interface Parts {
  /** Digits without a point, as an integer times 10^exponent. */
  digits: bigint;
  exponent: number;
  suffix: string;
}

function parse(text: string): Parts | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', number = '', suffix = ''] = match;
  const [whole = '', part = ''] = number.split('.');
  return { digits: BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`), exponent: -part.length, suffix };
}

/** `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`. Undefined where the text is no quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const parts = parse(text);
  if (!parts) return undefined;
  const { digits, exponent, suffix } = parts;
  if (digits === 0n) return '0';
  const power = binary[suffix];
  if (power !== undefined) return canonicalBinary(digits, exponent, power);
  const isScientific = /^[eE]/.test(suffix) && suffix.length > 1;
  const scale = isScientific ? Number(suffix.slice(1)) : (decimal.indexOf(suffix) - 3) * 3;
  return canonicalDecimal(digits, exponent + scale, isScientific);
}

function canonicalBinary(digits: bigint, exponent: number, power: number): string {
  const unit = 1024n ** BigInt(power);
  const divisor = 10n ** BigInt(-exponent);
  const bytes = digits * unit;
  if (bytes % divisor !== 0n) return canonicalDecimal((bytes * 1000n) / divisor, -3, false);
  let value = bytes / divisor;
  let step = 0;
  while (step < 6 && value % 1024n === 0n) {
    value /= 1024n;
    step += 1;
  }
  return `${String(value)}${step ? (Object.keys(binary)[step - 1] ?? '') : ''}`;
}

function canonicalDecimal(digits: bigint, exponent: number, isScientific: boolean): string {
  let value = digits;
  let power = exponent;
  while (value % 10n === 0n) {
    value /= 10n;
    power += 1;
  }
  while (power % 3 !== 0 || power > 18) {
    value *= 10n;
    power -= 1;
  }
  while (power < -9) {
    value /= 10n;
    power += 1;
  }
  if (isScientific) return power ? `${String(value)}e${String(power)}` : String(value);
  return `${String(value)}${decimal[power / 3 + 3] ?? ''}`;
}
