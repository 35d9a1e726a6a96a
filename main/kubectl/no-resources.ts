/** What kubectl says of an empty list, and what it does not say: that the namespace asked for does not exist. */
import { itemsOf } from './ask.ts';
import type { Call } from './call.ts';
import { CommandError } from './command-error.ts';
import { textAt } from './exact-json.ts';
import { nearest } from './suggest.ts';

const onlyMetadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** Notes of an empty list; `namespaced` false: of the whole cluster. */
export async function noResources(call: Call, namespaced: boolean): Promise<string[]> {
  if (!namespaced) return ['No resources found'];
  return [`No resources found in ${call.namespace} namespace.`, ...(await missingNamespace(call))];
}

/** That the namespace of `-n` does not exist; empty where it does, or where whoever asks may not know. */
export async function missingNamespace({ reader, namespace, invocation }: Call): Promise<string[]> {
  if (invocation.namespace === undefined) return [];
  try {
    await reader.json(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
    return [];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.failure.code !== 'cluster.not-found') return [];
  }
  const said = `Namespace ${namespace} does not exist.`;
  try {
    const all = itemsOf(await reader.json('/api/v1/namespaces', '', onlyMetadata));
    const near = nearest(
      namespace,
      all.map((one) => textAt(one, 'metadata', 'name')),
    );
    return [near === null ? said : `${said} Did you mean ${near}?`];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [said];
  }
}
