import { execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';

/** A program that leaves a canary where it ran. */
export async function writeEvil(path: string, canary: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\ntouch ${canary}\n`);
  await chmod(path, 0o755);
}

export function makePipe(path: string): void {
  execFileSync('mkfifo', [path]);
}
