import { ago } from '../elements/time.ts';
import type { Remote } from '../remote.ts';
import type { Namespaces } from './store.ts';

/** What the list of namespaces is worth. */
export function namespaceWords({ busy, failure, data }: Remote<Namespaces>, now: number): string {
  if (busy) return 'reading namespaces';
  if (failure !== null) return `${failure.message} ${failure.remedy}`;
  if (data === null) return '';
  const { namespaces, complete } = data.value;
  if (!complete) return 'You may not list namespaces; type one.';
  return `${String(namespaces.length)} ${namespaces.length === 1 ? 'namespace' : 'namespaces'}, read ${ago(data.at, now)}`;
}
