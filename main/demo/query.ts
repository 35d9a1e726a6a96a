/**
 * The query of a request as a Kubernetes API server reads it: keys are case-sensitive, a pair that holds `;` or a bad
 * escape is dropped, the others count.
 */
export class Query {
  readonly #pairs: [string, string][] = [];

  constructor(text: string) {
    for (const pair of text.split('&')) {
      if (!pair || pair.includes(';')) continue;
      const equals = pair.indexOf('=');
      const key = unescape(equals < 0 ? pair : pair.slice(0, equals));
      const value = unescape(equals < 0 ? '' : pair.slice(equals + 1));
      if (key !== undefined && value !== undefined) this.#pairs.push([key, value]);
    }
  }

  has(key: string): boolean {
    return this.#pairs.some(([name]) => name === key);
  }

  /** The first value, '' where there is none. */
  get(key: string): string {
    return this.#pairs.find(([name]) => name === key)?.[1] ?? '';
  }

  all(key: string): string[] {
    return this.#pairs.filter(([name]) => name === key).map(([, value]) => value);
  }

  /** Anything but `0` and `false` is true, also nothing after the key. */
  flag(key: string): boolean {
    return this.has(key) && !/^(0|f|false)$/i.test(this.get(key));
  }
}

function unescape(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
