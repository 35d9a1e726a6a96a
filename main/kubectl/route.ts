/**
 * Which way a read goes: through kubernetes-mcp-server where a tool of it answers exactly as kubectl would, else directly
 * through the gate. The decision is data, made before anything is asked, with the reason where it is 'direct'.
 *
 * Direct, because the tools cannot: names in a table (listing needs another right than getting), watch, sorting (needs
 * the objects beside the rows), pages, subresources, templates and columns of one's own (the tools leave managedFields out),
 * managedFields themselves, and APIs of other servers, whose tables the tools drop.
 */
import type { ApiResource } from '../clusters/cluster-access.ts';
import type { ListForm } from './reader.ts';
import { apiVersionOf } from './resource-names.ts';

export type Way =
  | {
      readonly way: 'mcp';
      readonly tool: string;
      readonly args: Readonly<Record<string, string>>;
      readonly form: ListForm;
    }
  | { readonly way: 'direct'; readonly because: string };

/** What is asked of one resource type. */
export interface Question {
  readonly resource: ApiResource;
  /** Null: every namespace, or a type without namespaces. */
  readonly namespace: string | null;
  readonly names: readonly string[];
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** '', 'wide', 'yaml', 'json', 'name', ... */
  readonly format: string;
  readonly sorted: boolean;
  readonly subresource: string | null;
  readonly managedFields: boolean;
  /** `--chunk-size` was given. */
  readonly paged: boolean;
}

/** APIs that kubernetes-mcp-server's tables lose. */
const otherServers = ['metrics.k8s.io', 'custom.metrics.k8s.io', 'external.metrics.k8s.io'];

export function wayOf(question: Question): Way {
  const direct = (because: string): Way => ({ way: 'direct', because });
  const { resource, format } = question;
  if (question.subresource !== null) return direct('a tool reads no subresource');
  if (question.paged) return direct('a tool reads no pages');
  if (question.managedFields) return direct('the tools leave managedFields out');
  if (otherServers.includes(resource.group)) return direct('the tools drop tables of this API');
  const isTable = format === '' || format === 'wide';
  if (isTable && question.names.length > 0) return direct('a tool makes a table of lists only');
  if (isTable)
    return question.sorted ? direct('sorting needs the objects beside the rows') : listTool(question, 'table');
  if (format !== 'yaml' && format !== 'json' && format !== 'name') return direct('a template may read managedFields');
  if (question.names.length === 0) return listTool(question, 'yaml');
  const [name, ...others] = question.names;
  if (name === undefined || others.length > 0) return direct('a tool reads one object at a time');
  if (name.includes('/') || name === '') return direct('a tool refuses this name');
  return {
    way: 'mcp',
    tool: 'resources_get',
    args: { apiVersion: apiVersionOf(resource), kind: resource.kind, name, ...inNamespace(question) },
    form: 'yaml',
  };
}

function listTool(question: Question, form: ListForm): Way {
  const { resource, labelSelector, fieldSelector } = question;
  const selectors = {
    ...(labelSelector === '' ? {} : { labelSelector }),
    ...(fieldSelector === '' ? {} : { fieldSelector }),
  };
  // The list tools of pods and namespaces answer text alone; resources_list sends every row twice.
  if (form === 'table' && resource.group === '' && resource.version === 'v1' && resource.name === 'pods') {
    const namespace = inNamespace(question);
    const tool = 'namespace' in namespace ? 'pods_list_in_namespace' : 'pods_list';
    return { way: 'mcp', tool, args: { ...namespace, ...selectors }, form };
  }
  return {
    way: 'mcp',
    tool: 'resources_list',
    args: { apiVersion: apiVersionOf(resource), kind: resource.kind, ...inNamespace(question), ...selectors },
    form,
  };
}

/** A namespace given with a type that has none is not ignored by the tools. */
function inNamespace({ resource, namespace }: Question): { namespace?: string } {
  return resource.namespaced && namespace !== null ? { namespace } : {};
}
