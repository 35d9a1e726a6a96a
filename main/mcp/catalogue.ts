import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

/** One tool of a server, as it was offered. */
export interface CatalogueTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** The server's own word, which nothing that guards may rely on. */
  readonly annotations: {
    readonly readOnly: boolean;
    readonly destructive: boolean;
    readonly idempotent: boolean;
    readonly openWorld: boolean;
  };
  /** Of name, description and schema: a consent given to another definition does not count. */
  readonly fingerprint: string;
}

/** A server's tools in the order of their names, without the `_meta` that only doubles their size. */
export function catalogueOf(tools: readonly Tool[]): readonly CatalogueTool[] {
  return tools
    .map((tool) => ({
      name: tool.name,
      description: tool.description ?? '',
      inputSchema: tool.inputSchema,
      annotations: {
        readOnly: tool.annotations?.readOnlyHint ?? false,
        destructive: tool.annotations?.destructiveHint ?? true,
        idempotent: tool.annotations?.idempotentHint ?? false,
        openWorld: tool.annotations?.openWorldHint ?? true,
      },
      fingerprint: fingerprintOf(tool),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** SHA-256 (hex) of what a tool says it is; the order of keys does not matter. */
export function fingerprintOf(tool: Pick<Tool, 'name' | 'description' | 'inputSchema'>): string {
  const definition = canonical([tool.name, tool.description ?? '', tool.inputSchema]);
  return createHash('sha256').update(definition).digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
