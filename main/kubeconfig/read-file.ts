import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Largest file that a kubeconfig, or anything it names, may be. */
export const maxBytes = 1024 * 1024;

/** Why a file was not read; `message` ends a sentence that begins with its name. */
export class UnreadableFile extends Error {
  readonly reason: 'missing' | 'denied' | 'not-a-file' | 'too-large' | 'failed';
  constructor(reason: UnreadableFile['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnreadableFile';
    this.reason = reason;
  }
}

/**
 * Reads a regular file of at most 1 MiB. Devices, pipes and sockets are not opened for reading, so this never hangs.
 * @param follow false: a symbolic link is refused (the caller resolved the path and wants exactly that file)
 * Throws UnreadableFile.
 */
export async function readRegularFile(path: string, follow: boolean): Promise<Buffer> {
  // Without O_NONBLOCK the opening of a pipe waits for its writer. Both flags are absent on Windows.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0));
  const file = await open(path, flags).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new UnreadableFile('not-a-file', 'is not a regular file');
    if (stat.size > maxBytes) throw new UnreadableFile('too-large', 'is larger than 1 MiB');
    // Files of /proc say size 0 and still have content: the bound is on what is read.
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (length > maxBytes) throw new UnreadableFile('too-large', 'is larger than 1 MiB');
      if (bytesRead === 0) return Buffer.from(buffer.subarray(0, length));
    }
  } catch (error) {
    throw error instanceof UnreadableFile ? error : unreadable(error);
  } finally {
    await file.close();
  }
}

function unreadable(error: unknown): UnreadableFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UnreadableFile('missing', 'is not there', error);
  if (code === 'EACCES' || code === 'EPERM') return new UnreadableFile('denied', 'may not be read', error);
  if (code === 'ELOOP') return new UnreadableFile('not-a-file', 'is a symbolic link', error);
  if (code === 'ENXIO' || code === 'EISDIR') return new UnreadableFile('not-a-file', 'is not a regular file', error);
  return new UnreadableFile('failed', `could not be read (${code || 'unknown error'})`, error);
}
