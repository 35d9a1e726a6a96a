/** As much of JSON Schema as zod's own schemas come out as. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
}

export type Decorate = (object: Record<string, unknown>) => Record<string, unknown>;

/** One value per way through the unions of a schema, every property present; `decorate` may add to each object. */
export function samplesOf(schema: JsonSchema, decorate: Decorate): unknown[] {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [schema.enum[0]];
  const ways = schema.anyOf ?? schema.oneOf;
  if (ways !== undefined) return ways.flatMap((way) => samplesOf(way, decorate));
  if (Array.isArray(schema.type))
    return schema.type.flatMap((type: string) => samplesOf({ ...schema, type }, decorate));
  switch (schema.type) {
    case 'object':
      return objects(schema, decorate);
    case 'array':
      return [schema.items === undefined ? [] : samplesOf(schema.items, decorate)];
    case 'string':
      return [
        schema.format === 'uuid'
          ? '3f1c9f0e-8a3b-4c1d-9e2f-0a1b2c3d4e5f'
          : schema.format === 'uri'
            ? 'https://a.test/'
            : 'text',
      ];
    case 'integer':
    case 'number':
      return [Math.max(1, schema.minimum ?? 1)];
    case 'boolean':
      return [true];
    case 'null':
      return [null];
    default:
      return [undefined];
  }
}

/** As many objects as the property with the most ways needs, so each way of each property occurs. */
function objects(schema: JsonSchema, decorate: Decorate): Record<string, unknown>[] {
  const ways = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => [key, samplesOf(value, decorate)] as const,
  );
  const most = Math.max(1, ...ways.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, index) =>
    decorate(Object.fromEntries(ways.map(([key, values]) => [key, values[index % values.length]]))),
  );
}
