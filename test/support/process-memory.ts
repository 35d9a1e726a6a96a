import { open, readFile } from 'node:fs/promises';

/**
 * Which of these texts stand in the readable memory of a process (Linux; a descendant of this process, or as root).
 * Keys of the result are those of `texts`.
 */
export async function foundInMemory(
  pid: number,
  texts: Readonly<Record<string, Buffer>>,
): Promise<ReadonlySet<string>> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const found = new Set<string>();
  try {
    for (const line of maps.split('\n')) {
      const [, from, to, mode, path] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)/.exec(line) ?? [];
      if (from === undefined || to === undefined || !mode?.startsWith('r')) continue;
      // The program itself, as it is on disk.
      if (mode[1] !== 'w' && path?.startsWith('/')) continue;
      await scan(memory, Number.parseInt(from, 16), Number.parseInt(to, 16), texts, found);
    }
  } finally {
    await memory.close();
  }
  return found;
}

const chunkBytes = 4 * 1024 * 1024;

async function scan(
  memory: Awaited<ReturnType<typeof open>>,
  from: number,
  to: number,
  texts: Readonly<Record<string, Buffer>>,
  found: Set<string>,
): Promise<void> {
  const overlap = Math.max(...Object.values(texts).map(({ length }) => length));
  const chunk = Buffer.alloc(chunkBytes + overlap);
  for (let at = from; at < to; at += chunkBytes) {
    const length = Math.min(chunk.length, to - at);
    // Regions of the kernel's own ([vvar]) say that they are readable and are not.
    const { bytesRead } = await memory.read(chunk, 0, length, at).catch(() => ({ bytesRead: 0 }));
    const read = chunk.subarray(0, bytesRead);
    for (const [name, text] of Object.entries(texts)) if (read.includes(text)) found.add(name);
  }
}
