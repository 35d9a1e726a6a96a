/** What a redacted value is replaced by. */
const mark = (kind: string) => `‹redacted:${kind}›`;

/** Credential fields of a kubeconfig and of headers, in YAML, JSON or `key=value`. */
const fields =
  '(?:client-key-data|client-certificate-data|id-token|refresh-token|access-token|client-secret|token|password|passwd|secret)';

/** All linear: no nested repetition, so 1 MB of hostile text costs milliseconds. */
const patterns: readonly { readonly kind: string; readonly regex: RegExp; readonly keep?: boolean }[] = [
  { kind: 'private-key', regex: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}-----)?/g },
  { kind: 'jwt', regex: /\bey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}/g },
  { kind: 'jwt', regex: /\bZXlK[A-Za-z0-9+/=_-]{40,}/g },
  { kind: 'private-key', regex: /\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}/g },
  { kind: 'groq-key', regex: /\bgsk_[A-Za-z0-9]{10,}/g },
  { kind: 'bearer', regex: /\b(Bearer\s+)[A-Za-z0-9._~+/=-]{6,}/gi, keep: true },
  { kind: 'basic', regex: /\b(Basic\s+)[A-Za-z0-9+/=]{8,}/g, keep: true },
  { kind: 'url-password', regex: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi, keep: true },
  // As programs say it: 'refresh token abc123', 'API key is abc123'. A value has a digit in it, other words have none.
  {
    kind: 'field',
    regex:
      /(\b(?:(?:refresh|access|id|bearer|session|auth)[ _-]?token|(?:api|secret|access)[ _-]?key|client[ _-]?secret|password)["']?(?: is)?[ :=]{1,4}["']?)(?=[^\s\d]{0,200}\d)[^\s"',;]{6,20000}/gi,
    keep: true,
  },
  { kind: 'ticket', regex: /(#ticket=)[A-Za-z0-9_-]+/g, keep: true },
  {
    kind: 'field',
    regex: new RegExp(
      `((?:^|[\\s{,"'?&;-])${fields}\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?)[^\\s"'\\\\,}&;]{1,20000}`,
      'gim',
    ),
    keep: true,
  },
];

/** Registered secrets at most: credentials are renewed for as long as the app runs, and the oldest have expired. */
const mostSecrets = 200;

/** Finds credentials in text: by their shapes, and by exact value where one was registered. */
export class Redactor {
  /** Each secret with all its forms, the newest last. */
  readonly #secrets = new Map<string, readonly string[]>();

  /** From now on this value, also in base64 and URL form, is never let through. Short values would hit ordinary words. */
  register(secret: string): void {
    if (secret.length < 8 || this.#renewed(secret)) return;
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    const forms = [secret, base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    this.#secrets.set(secret, [...new Set(forms)]);
    const [oldest = ''] = this.#secrets.keys();
    if (this.#secrets.size > mostSecrets) this.#secrets.delete(oldest);
  }

  /** What is used again is not among the oldest. */
  #renewed(secret: string): boolean {
    const forms = this.#secrets.get(secret);
    if (forms === undefined) return false;
    this.#secrets.delete(secret);
    this.#secrets.set(secret, forms);
    return true;
  }

  redact(text: string): string {
    let clean = this.#withoutExact(text);
    for (const { kind, regex, keep } of patterns) {
      clean = clean.replace(regex, keep === true ? `$1${mark(kind)}` : mark(kind));
    }
    return clean;
  }

  /**
   * A JSON value without any registered secret in it; the same object where there is none, which is the usual case.
   * The rule: secrets are replaced in strings only, never in keys or numbers, so the value keeps its shape; and not in a
   * whole string that `isLiteral`, a word the contract fixes: as it would be there anyway, it says nothing of a secret.
   */
  clean<T>(value: T, isLiteral: (text: string) => boolean = () => false): T {
    if (this.#secrets.size === 0 || value === undefined) return value;
    const forms = this.#formsIn(JSON.stringify(value));
    if (forms.length === 0) return value;
    return mapStrings(value, (text) => (isLiteral(text) ? text : without(text, forms))) as T;
  }

  #withoutExact(text: string): string {
    return without(text, this.#formsIn(text));
  }

  /** All forms of the secrets that are in the text in one, the longest first, for one may be the begin of another. */
  #formsIn(text: string): string[] {
    const found: string[] = [];
    for (const forms of this.#secrets.values()) {
      if (forms.some((form) => text.includes(form))) found.push(...forms);
    }
    return found.sort((a, b) => b.length - a.length);
  }
}

function without(text: string, forms: readonly string[]): string {
  let clean = text;
  for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, mark('known'));
  return clean;
}

/** Of a JSON value; what holds no changed string is the same object as before. */
function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => mapStrings(item, map));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [key, mapStrings(item, map)] as const);
  return after.some(([, item], index) => item !== before[index]?.[1]) ? Object.fromEntries(after) : value;
}
