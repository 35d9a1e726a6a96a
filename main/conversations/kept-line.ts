/** What stands where a value was typed that is not kept. */
export const notKept = '‹not-kept›';

/** A line as it is kept. `literals`: the values that were taken out of it, as they were meant and as they were typed. */
export interface KeptLine {
  readonly line: string;
  readonly literals: readonly string[];
}

const secretName = /secret|token|passw|credential|api-?_?key|access-?_?key|private/i;
/** Words of a line with their quotes, where the line begins a quote and does not end it too. */
const words = /(?:[^\s"'\\]|\\[^]|"(?:\\[^]|[^"\\])*(?:"|$)|'[^']*(?:'|$)|["'\\])+/g;

/**
 * Takes typed secrets out of a command line: `--from-literal`, flags and variables whose names say that their value is
 * a secret, the patch of a Secret, passwords in addresses and Authorization headers.
 */
export function keptLine(line: string): KeptLine {
  const typed: readonly string[] = line.match(words) ?? [];
  const patchesSecret = typed.includes('patch') && namesSecrets(line);
  const literals = new Set<string>();
  let flag: string | null = null;
  const kept = line.replace(words, (raw) => {
    const word = unquoted(raw);
    const value = (text: string, keepsName: boolean): string => {
      const name = keepsName ? (/^[^=\s]*=/.exec(text)?.[0] ?? '') : '';
      const literal = text.slice(name.length);
      if (literal === '' || literal === notKept) return text;
      for (const form of [literal, raw.slice(raw.length - literal.length), ...literal.trim().split(/\s*\n\s*/)]) {
        literals.add(form);
      }
      return `${name}${notKept}`;
    };
    const before = flag;
    flag = null;
    if (before !== null && !word.startsWith('-')) return isKept(before, word) ? raw : value(word, hasName(before));
    const [, option, joined] = /^(--?[a-z][\w.-]*)=([^]*)$/i.exec(word) ?? [];
    if (option !== undefined && joined !== undefined) {
      const taken = takes(option, patchesSecret) && !isKept(option, joined);
      return taken ? `${option}=${value(joined, hasName(option))}` : address(raw, literals);
    }
    if (patchesSecret && /^-p./.test(word)) return `-p${value(word.slice(2), false)}`;
    if (takes(word, patchesSecret)) flag = word;
    const variable = /^[\w.-]+(?==.)/.exec(word)?.[0];
    if (variable !== undefined && secretName.test(variable)) return value(word, true);
    return address(raw, literals);
  });
  return { line: kept, literals: [...literals].filter((literal) => literal !== '') };
}

/** Whether a line asks for the resource `secrets`, whatever it is written with. */
export function namesSecrets(line: string): boolean {
  return /(?:^|[\s,/"'])secrets?(?:[\s,/."'?|]|$)/i.test(line);
}

function takes(option: string, patchesSecret: boolean): boolean {
  if (!option.startsWith('-')) return false;
  const name = option.replace(/^-+/, '');
  if (patchesSecret && (name === 'p' || name === 'patch')) return true;
  if (name === 'from-literal' || name === 'env' || name === 'e') return true;
  return secretName.test(name) && !/-(?:file|name|dir|path|ttl|type)$/.test(name);
}

/** Options whose value begins with a name, which is kept. */
const hasName = (option: string): boolean => /^--?(?:from-literal|env|e)$/.test(option);

/** An environment variable counts by its name. */
const isKept = (option: string, value: string): boolean =>
  /^--?(?:env|e)$/.test(option) && !secretName.test(/^[^=]*/.exec(value)?.[0] ?? '');

function address(raw: string, literals: Set<string>): string {
  return raw.replace(
    /(:\/\/[^\s/:@]{0,200}:|\b(?:Bearer|Basic)\s+)([^\s/@"']{1,20000})/gi,
    (whole: string, before: string, secret: string, at: number) => {
      const isPassword = !before.startsWith('://') || raw.charAt(at + whole.length) === '@';
      if (!isPassword || secret === notKept) return whole;
      literals.add(secret);
      return before + notKept;
    },
  );
}

function unquoted(raw: string): string {
  return raw.replace(
    /"((?:\\[^]|[^"\\])*)(?:"|$)|'([^']*)(?:'|$)|\\([^])/g,
    (_all, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? '',
  );
}
