const statusPhrases = new Set(['OK', 'Created', 'Accepted', 'Unauthorized']);

/**
 * The same document without prose: every `description` that is a text goes, but for the status phrases that OpenAPI
 * requires of a response. A property that is itself named `description` is a schema (an object) and stays.
 */
export function withoutSentences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSentences);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'description' || typeof inner !== 'string' || statusPhrases.has(inner))
      .map(([key, inner]) => [key, withoutSentences(inner)]),
  );
}
