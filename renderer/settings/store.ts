import { create } from 'zustand';
import type { Input } from '../../shared/contract.ts';
import type { ExternalServer } from '../../shared/mcp.ts';
import { failureOf, request } from '../api.ts';
import { answered, asked, failed, nothingYet, type Remote } from '../remote.ts';

interface ServerSettings {
  readonly servers: Remote<readonly ExternalServer[]>;
}

export const useServers = create<ServerSettings>(() => ({ servers: nothingYet }));

const current = (): readonly ExternalServer[] => useServers.getState().servers.data?.value ?? [];

async function attempt(work: () => Promise<readonly ExternalServer[]>): Promise<boolean> {
  useServers.setState(({ servers }) => ({ servers: asked(servers) }));
  try {
    const servers = await work();
    useServers.setState({ servers: answered(servers, Date.now()) });
    return true;
  } catch (error) {
    useServers.setState(({ servers }) => ({ servers: failed(servers, failureOf(error)) }));
    return false;
  }
}

export async function loadServers(): Promise<void> {
  await attempt(() => request('mcp.servers'));
}

/** True: it was added, and has been asked once. */
export async function addServer(server: Input<'mcp.add'>): Promise<boolean> {
  return attempt(async () => {
    const added = await request('mcp.add', server);
    return [...current().filter((other) => other.id !== added.id), added];
  });
}

export async function removeServer(id: string): Promise<void> {
  await attempt(async () => {
    await request('mcp.remove', { id });
    return current().filter((server) => server.id !== id);
  });
}

/** `allow`: the id of the question on screen, given by the button that stands under it and by nothing else. */
export async function connectServer(id: string, allow?: string): Promise<void> {
  await attempt(async () => {
    const server = await request('mcp.connect', allow === undefined ? { id } : { id, allow });
    return current().map((other) => (other.id === id ? server : other));
  });
}
