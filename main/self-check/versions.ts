import type { SelfCheck } from '../../shared/self-check.ts';
import type { Connection } from '../mcp/connection.ts';

/** What the app knows about itself without asking anybody. */
export interface AppFacts {
  readonly version: string;
  /** Of the database. */
  readonly schema: number;
}

/** The version of every part on this machine; `connection` is null where the MCP server did not come up. */
export function versionsOf({ version, schema }: AppFacts, connection: Connection | null): SelfCheck['versions'] {
  const server = connection?.server;
  return [
    { part: 'AI4K8s Desktop', version, detail: `on ${process.platform} ${process.arch}` },
    { part: 'Node.js', version: process.version, detail: runtime() },
    {
      part: 'kubernetes-mcp-server',
      version: connection?.serverVersion ?? 'not running',
      detail: server === undefined ? 'did not start' : `process ${server.pid}, port ${server.port} of 127.0.0.1`,
    },
    {
      part: 'Model Context Protocol',
      version: connection?.protocolVersion ?? 'not negotiated',
      detail: connection === null ? '' : `${connection.tools.length} tools`,
    },
    { part: 'Database schema', version: String(schema), detail: 'SQLite' },
  ];
}

function runtime(): string {
  const electron = process.versions['electron'];
  return electron === undefined ? `V8 ${process.versions.v8}` : `inside Electron ${electron}`;
}
