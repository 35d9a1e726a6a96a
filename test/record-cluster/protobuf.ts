// Records the field numbers of Kubernetes' protobuf messages for main/demo/protobuf.ts, from the generated.proto files
// of the Go modules k8s.io/api and k8s.io/apimachinery (fetch them with `go mod download k8s.io/api@v0.36.3`):
//   node test/record-cluster/protobuf.ts --api DIR --apimachinery DIR
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values } = parseArgs({ options: { api: { type: 'string' }, apimachinery: { type: 'string' } } });
if (!values.api || !values.apimachinery) throw new Error('--api DIR and --apimachinery DIR are required');

type Field = [name: string, type: string, shape: '' | 'list' | 'map' | 'pointer'];
const messages: Record<string, Record<string, Field>> = {};
const scalars = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double', 'float']);

/** `Deployment.replicas` for fields that are pointers in Go: there a zero or an empty message says something. */
function pointersOf(folder: string): Set<string> {
  const pointers = new Set<string>();
  for (const file of globSync('*.go', { cwd: folder })) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name = '', body = ''] of text.matchAll(/^type (\w+) struct \{([\s\S]*?)^\}/gm)) {
      for (const [, field = ''] of body.matchAll(/^\s*\w+\s+\*[\w.]+\s+`.*protobuf:"[^"]*name=(\w+)/gm)) {
        pointers.add(`${name}.${field}`);
      }
    }
  }
  return pointers;
}

function record(file: string): void {
  const pointers = pointersOf(dirname(file));
  const text = readFileSync(file, 'utf8').replace(/\/\/.*$/gm, '');
  const proto = /^package (.+);/m.exec(text)?.[1] ?? '';
  const full = (type: string): string => {
    if (scalars.has(type)) return type;
    return type.startsWith('.') ? type.slice(1) : type.includes('.') ? type : `${proto}.${type}`;
  };
  for (const [, name = '', body = ''] of text.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)) {
    const fields: Record<string, Field> = {};
    for (const [, label, value, type, field = '', number = ''] of body.matchAll(
      /^\s*(?:(optional|repeated)\s+|map<string,\s*([\w.]+)>\s+)([\w.]+\s+)?(\w+)\s*=\s*(\d+)/gm,
    )) {
      const single = pointers.has(`${name}.${field}`) ? 'pointer' : '';
      fields[number] = value
        ? [field, full(value), 'map']
        : [field, full((type ?? '').trim()), label === 'repeated' ? 'list' : single];
    }
    messages[`${proto}.${name}`] = fields;
  }
}

for (const folder of [values.api, values.apimachinery]) {
  for (const file of globSync('**/generated.proto', { cwd: folder })) record(join(folder, file));
}
const bytes = gzipSync(JSON.stringify(messages), { level: 9 });
writeFileSync(new URL('../../main/demo/recordings/protobuf-fields.json.gz', import.meta.url), bytes);
process.stdout.write(`${String(Object.keys(messages).length)} messages, ${String(bytes.length)} bytes\n`);
