/** Every other kind: all fields, sorted, under names made of their keys. */
import { at, isList, isObject, textAt, type Json, type JsonObject } from '../exact-json.ts';
import { goText } from '../print/go-value.ts';
import { sortedKeys } from '../print/json.ts';
import { aboutObject, writeEvents, type Describer } from './around.ts';
import type { DescribeText } from './text.ts';

const hidden = ['managedFields', 'name', 'namespace', 'labels', 'annotations'].map((key) => `.metadata.${key}`);

export const describeAny: Describer = async (object, around, text) => {
  text
    .field(0, 'Name', textAt(object, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(object, 'metadata', 'namespace'));
  text
    .labels('Labels', at(object, 'metadata', 'labels'))
    .annotations('Annotations', at(object, 'metadata', 'annotations'));
  if (isObject(object)) writeFields(object, 0, '', text);
  writeEvents(await around.events(aboutObject(object)), around.now, text);
};

function writeFields(object: JsonObject, level: number, prefix: string, text: DescribeText): void {
  for (const key of sortedKeys(object)) {
    const path = `${prefix}.${key}`;
    if (hidden.includes(path)) continue;
    const value = object[key] ?? null;
    if (isObject(value)) {
      text.write(level, `${titleOf(key)}:\n`);
      writeFields(value, level + 1, path, text);
    } else if (isList(value)) {
      text.write(level, `${titleOf(key)}:\n`);
      for (const item of value) writeItem(item, level + 1, path, text);
    } else text.field(level, titleOf(key), goText(value));
  }
}

function writeItem(item: Json, level: number, path: string, text: DescribeText): void {
  if (isObject(item)) writeFields(item, level, path, text);
  else text.write(level, `${goText(item)}\n`);
}

const acronyms = ['API', 'URL', 'UID', 'GUID'];

/** `creationTimestamp` is 'Creation Timestamp', `apiVersion` 'API Version'. */
export function titleOf(key: string): string {
  if (/[^\p{L}-]/u.test(key)) return key;
  const parts = key.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|-+/gu) ?? [key];
  const merged: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const next = parts[index + 1];
    if (next !== undefined && /^\p{Lu}{2,}$/u.test(part) && /^\p{Lu}/u.test(next)) {
      merged.push(part + next);
      index += 1;
    } else merged.push(part);
  }
  return merged
    .map((part) => {
      if (acronyms.includes(part.toUpperCase())) return part.toUpperCase();
      return part.toLowerCase() === part ? part.charAt(0).toUpperCase() + part.slice(1) : part;
    })
    .join(' ');
}
