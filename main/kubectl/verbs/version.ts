/** `kubectl version`: this app in the place of kubectl, and the server's own word. */
import type { LocalCall } from '../call.ts';
import { invalid } from '../command-error.ts';
import { textAt, type Json, type JsonObject } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { printOrderedJson } from '../print/ordered-json.ts';
import { printYaml } from '../print/yaml.ts';

export async function version(call: LocalCall): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (args.length > 0) throw invalid(`extra arguments: [${args.join(' ')}]`);
  const { format } = outputFormat(flags);
  if (!['', 'yaml', 'json'].includes(format)) throw invalid("--output must be 'yaml' or 'json'");
  const client: JsonObject = { gitVersion: `v${call.version}`, platform: `${process.platform}/${process.arch}` };
  const server: Json = flags.is('client') ? null : await call.open().reader.json('/version');
  if (format === '') {
    const served = server === null ? '' : `Server Version: ${textAt(server, 'gitVersion')}\n`;
    return textOutcome(`Client Version: AI4K8s v${call.version}\n${served}`);
  }
  const both: JsonObject = { clientVersion: client, ...(server === null ? {} : { serverVersion: server }) };
  const text = format === 'json' ? printOrderedJson(both, '  ') : `${printYaml(both)}\n`;
  return outcome({ kind: 'document', language: format === 'json' ? 'json' : 'yaml', text, object: null }, () => text);
}
