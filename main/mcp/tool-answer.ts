import type { PermitReport, PermitSpec } from '../gate/permits.ts';

/** What a tool gave, with what the gate saw of the call. */
export interface ToolAnswer {
  readonly text: string;
  /** `structuredContent`, where the tool has it; integers beyond 2^53 kept exact (lossless-json). */
  readonly structured: unknown;
  readonly isError: boolean;
  readonly report: PermitReport;
  readonly ms: number;
}

/** `table`: kubectl's wide tables; `yaml`: whole objects. One process of the server each, for it has no per-call choice. */
export type ListForm = 'table' | 'yaml';

/** The bundled kubernetes-mcp-server, as the cluster sessions use it. */
export interface McpAccess {
  /**
   * Calls one tool under a permit of its own, which ends with the call. Reads are repeated once when the server dies,
   * changes never. Throws AppError 'mcp.*' when no answer came, 'cluster.*' when the cluster was waited for in vain; a tool's own failure is an answer with `isError`.
   */
  call(
    form: ListForm,
    tool: string,
    args: Readonly<Record<string, unknown>>,
    permit: PermitSpec,
    signal?: AbortSignal,
  ): Promise<ToolAnswer>;
}
