/** `kubectl explain`, of the cluster's own OpenAPI documents: what is served is what is explained. */
import type { Call } from '../call.ts';
import { CommandError, invalid, unsupported } from '../command-error.ts';
import { isObject, listAt, objectAt, textAt, type Json, type JsonObject } from '../exact-json.ts';
import { textOutcome, type Outcome } from '../outcome.ts';
import { sortedKeys } from '../print/json.ts';
import { requiredFields, Schemas } from '../print/schema.ts';
import { indent, wrap } from '../print/wrap.ts';
import { findType } from '../resource-names.ts';

/** How many values of an enum a list of fields shows. */
const shownValues = 4;

export async function explain(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  const [word, ...more] = args;
  if (word === undefined) {
    throw invalid(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      'Name a type, such as kubectl explain pods.',
    );
  }
  if (more.length > 0) throw invalid('We accept only this format: explain RESOURCE\n');
  if (!['plaintext', ''].includes(flags.text('output') ?? '')) {
    throw unsupported(`this version of the app does not print ${flags.text('output') ?? ''}`, 'Leave -o out.');
  }
  const resources = await call.reader.resources();
  const { resource, path } = split(word, flags.text('api-version'), resources);
  if (resource === null) {
    throw new CommandError(
      'command.invalid',
      `the server doesn't have a resource type "${word.split('.')[0] ?? ''}"`,
      'kubectl api-resources lists the types of this cluster.',
    );
  }
  const { group, version, kind } = resource;
  const document = await call.reader.json(
    group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`,
  );
  const schemas = new Schemas(document);
  const schema = schemas.ofKind(group, version, kind);
  if (schema === null)
    throw invalid(`GVK ${kind} not found in OpenAPI schema`, 'The server does not describe this type.');
  const head = `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
  return textOutcome(`${head}${body(schemas, schema, path, flags.is('recursive'))}\n`);
}

/** `deployments.v1.apps.spec.replicas`: the longest beginning that is a type is the type. */
function split(
  word: string,
  apiVersion: string | undefined,
  resources: Parameters<typeof findType>[1],
): { resource: ReturnType<typeof findType>; path: string[] } {
  const [type = '', ...path] = word.split('.').filter((part) => part !== '');
  if (apiVersion !== undefined) {
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    const there = resources.filter((one) => one.group === group && one.version === version);
    return { resource: findType(`${type}.${version}.${group}`, there), path };
  }
  return { resource: findType(type, resources), path };
}

function body(schemas: Schemas, root: JsonObject, path: readonly string[], isRecursive: boolean): string {
  let schema: Json = root;
  let head = '';
  let rest: readonly string[] = path;
  while (rest.length > 0) {
    const name = rest[0] ?? '';
    const found = schemas.field(schema, rest);
    if (found === null)
      throw invalid(
        `field "${path.at(-1) ?? ''}" does not exist`,
        'kubectl explain with fewer words lists the fields there are.',
      );
    schema = found.field;
    rest = found.rest;
    if (rest.length === 0) head = `FIELD: ${name} <${schemas.typeOf(schema)}>\n${longEnum(schema)}\n\n`;
  }
  const description = indent(wrap(schemas.description(schema) || '<empty>', 76), 4);
  const docs = externalDocs(schemas.resolve(schema), 4);
  const fields = fieldList(schemas, schema, 1, isRecursive, new Set());
  return `${head}DESCRIPTION:\n${description}\n${docs}${fields === '' ? '' : `FIELDS:\n${fields}`}`;
}

function fieldList(
  schemas: Schemas,
  schema: Json,
  level: number,
  isRecursive: boolean,
  seen: ReadonlySet<string>,
): string {
  const ref = textAt(schema, '$ref');
  if (ref !== '' && seen.has(ref)) return '';
  const known = new Set([...seen, ref]);
  const resolved = schemas.resolve(schema);
  const properties = objectAt(resolved, 'properties');
  const own = sortedKeys(properties).map((name) => {
    const field = properties[name] ?? null;
    const below = isRecursive ? fieldList(schemas, field, level + 1, true, known) : '';
    return fieldDetail(schemas, resolved, name, field, level, isRecursive) + below;
  });
  const parts = [...listAt(resolved, 'allOf'), resolved['items'], resolved['additionalProperties']].filter(isObject);
  return own.join('') + parts.map((part) => fieldList(schemas, part, level, isRecursive, known)).join('');
}

function fieldDetail(
  schemas: Schemas,
  schema: JsonObject,
  name: string,
  field: Json,
  level: number,
  isShort: boolean,
): string {
  const amount = level * 2;
  const required = requiredFields(schema).includes(name) ? ' -required-' : '';
  const line = `${indent(name, amount)}\t<${schemas.typeOf(field)}>${required}${shortEnum(field, amount)}\n`;
  if (isShort) return line;
  const description = textAt(field, 'description') || '<no description>';
  return `${line}${indent(wrap(description, 78 - amount), amount + 2)}\n${externalDocs(isObject(field) ? field : {}, amount + 2)}\n`;
}

function externalDocs(schema: JsonObject, amount: number): string {
  const docs = schema['externalDocs'];
  if (!isObject(docs)) return '';
  const description = textAt(docs, 'description');
  const url = textAt(docs, 'url');
  return `\n${' '.repeat(Math.max(0, amount - 4))}EXTERNAL DOCS:\n${description === '' ? '' : `${indent(wrap(description, 76), amount)}\n`}${url === '' ? '' : `${indent(`URL: ${url}`, amount)}\n`}`;
}

function values(schema: Json): string[] {
  return listAt(schema, 'enum').map((value) => (value === '' ? '""' : String(value)));
}

function longEnum(schema: Json): string {
  const all = values(schema);
  return all.length === 0 ? '' : `ENUM:${all.map((value) => `\n    ${value}`).join('')}`;
}

function shortEnum(schema: Json, amount: number): string {
  const all = values(schema);
  if (all.length === 0) return '';
  return `\n${' '.repeat(amount)}enum: ${all.slice(0, shownValues).join(', ')}${all.length > shownValues ? ', ....' : ''}`;
}
