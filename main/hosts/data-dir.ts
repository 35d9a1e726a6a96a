import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the app keeps its data unless told otherwise: the platform's place for it. */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'AI4K8s');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'AI4K8s');
  const data = env['XDG_DATA_HOME'];
  // The base directory convention says to ignore a relative path.
  return join(data?.startsWith('/') === true ? data : join(home, '.local', 'share'), 'ai4k8s');
}
