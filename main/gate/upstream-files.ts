import { realpath } from 'node:fs/promises';
import { readRegularFile, UnreadableFile } from '../kubeconfig/read-file.ts';
import { shown } from '../kubeconfig/parse.ts';
import { credentialsError } from './upstream-failure.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';

/**
 * Reads a file that a kubeconfig names: in its own folder or consented to, and still the one that was consented to.
 * Throws AppError 'cluster.untrusted' or 'cluster.credentials'.
 */
export async function readNamed(kubeconfigs: Kubeconfigs, id: string, what: string, path: string): Promise<Buffer> {
  const { material } = kubeconfigs.material(id);
  try {
    const real = await realpath(path);
    if (real !== kubeconfigs.material(id).facts.files.get(path)?.real) await kubeconfigs.recheck(id);
    kubeconfigs.assertTrusted(id);
    // The link is not followed again: what was looked at is what is read.
    return await readRegularFile(real, false);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    const remedy = `Sign in again so that ${shown(path)} is written, or correct its path in the kubeconfig.`;
    throw credentialsError(material.context, `names the ${what} ${shown(path)}, which ${reason}`, remedy, error);
  }
}

/** What ends a sentence that begins with the file; null where the error is about something else. */
function reasonOf(error: unknown): string | null {
  if (error instanceof UnreadableFile) return error.message;
  if (!(error instanceof Error && 'code' in error)) return null;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'is not there' : 'cannot be read';
}
