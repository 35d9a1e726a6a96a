import { readdir, readFile, readlink } from 'node:fs/promises';

/** Who listens on a port of 127.0.0.1. 'unknown': the system does not tell without help from other programs. */
export type ListenerOwner = 'ours' | 'other' | 'nobody' | 'unknown';

/**
 * Whether the process `pid` holds the listening socket. Only Linux tells, by /proc; elsewhere the proof is the nonce that
 * comes back in the answer to `initialize` (server.ts).
 */
export async function listenerOwner(port: number, pid: number): Promise<ListenerOwner> {
  if (process.platform !== 'linux') return 'unknown';
  const inode = listeningInode(await readFile('/proc/net/tcp', 'utf8'), port);
  if (inode === null) return 'nobody';
  return (await holdsSocket(pid, inode)) ? 'ours' : 'other';
}

/** Inode of the socket that listens on 127.0.0.1:`port` or on every address, of the text of /proc/net/tcp. */
export function listeningInode(table: string, port: number): string | null {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of table.split('\n').slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== '0A' || inode === undefined) continue;
    if (local === `0100007F:${hexPort}` || local === `00000000:${hexPort}`) return inode;
  }
  return null;
}

async function holdsSocket(pid: number, inode: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = await readdir(folder).catch(() => []);
  const links = await Promise.all(open.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
  return links.includes(`socket:[${inode}]`);
}
