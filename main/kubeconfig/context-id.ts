import { createHash } from 'node:crypto';

/**
 * Stable, url-safe id of a context: letters of its name for whoever reads a log, and a digest of name and file for
 * difference. Safe as a path segment and as a context name of the synthetic kubeconfig.
 */
export function contextId(context: string, source: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([context, source]))
    .digest('hex')
    .slice(0, 10);
  const slug = context
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
  return slug === '' ? digest : `${slug}-${digest}`;
}
