import type { Container, Pod } from '../kinds.ts';
import { programFor } from '../programs/launch.ts';
import type { Store } from '../store.ts';
import { hexId } from './container.ts';
import type { Instance } from './container.ts';
import { containerFiles, launchOf } from './inputs.ts';

/** A container about to run: its environment, files and program. @throws MissingInput. */
export function newInstance(store: Store, pod: Pod, container: Container, restarts: number, now: number): Instance {
  const launch = launchOf(store, pod, container);
  const files = containerFiles(store, pod, container, {});
  const program = programFor(launch, files, now);
  for (const [path, text] of Object.entries(program.files ?? {})) files.set(path, text);
  const id = hexId(`${pod.metadata.uid ?? ''}/${container.name}/${String(restarts)}`);
  return { program, startedAt: now, id, files, env: launch.env };
}
