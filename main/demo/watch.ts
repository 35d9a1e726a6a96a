/**
 * Watches: one JSON document per line. Starts from a list's resourceVersion, from now, or with the current objects as
 * ADDED events; an expired start answers 200 with one ERROR event (410), as the real server does.
 */
import { toVersion } from './convert.ts';
import type { Call, Cluster } from './context.ts';
import { apiVersionOf } from './definitions.ts';
import { objectText, partial, table } from './form.ts';
import type { Manifest } from './kinds.ts';
import { expired } from './errors.ts';
import { negotiateObject } from './negotiation.ts';
import { checkListOptions, includeObject, parseSelectors } from './read.ts';
import type { Match } from './selectors.ts';
import type { Change } from './store.ts';

/** A client that does not read this much is cut off, like one that cannot keep up with a real server. */
const unreadLimitBytes = 16 * 1024 * 1024;
const bookmarkEveryMs = 60_000;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What a watch with this selection sees of a change. */
function visibleAs(change: Change, matches: Match): EventType | null {
  const is = change.type !== 'DELETED' && matches(change.object);
  const was = change.previous ? matches(change.previous) : false;
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : null;
}

/** Answers the watch; returns when it began. It ends with the client, the timeout or the server. */
export function watchObjects(cluster: Cluster, call: Call): void {
  const { definition, path, query, answer, signal } = call;
  const { store } = cluster;
  const { shape } = negotiateObject(call.headers.accept);
  checkListOptions(query, true);
  const selected = parseSelectors(query, definition.storage);
  const inScope: Match = (object) =>
    (!path.namespace || object.metadata.namespace === path.namespace) &&
    (!path.name || object.metadata.name === path.name) &&
    selected(object);
  const include = includeObject(query);
  const { response } = answer;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  let isFirstTable = true;

  const formed = (object: Manifest): string => {
    if (shape === 'Table') {
      const withColumns = isFirstTable;
      isFirstTable = false;
      const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' };
      return JSON.stringify(table(definition, metadata, [object], { include, now: store.now(), withColumns }));
    }
    return shape === 'plain' ? objectText(definition, object) : JSON.stringify(partial(object));
  };
  const send = (type: string, object: string): void => {
    if (response.writableLength > unreadLimitBytes) response.destroy();
    else response.write(`{"type":"${type}","object":${object}}\n`);
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = { resourceVersion: String(store.resourceVersion), ...(annotations ? { annotations } : {}) };
    const type = { kind: definition.kind, apiVersion: apiVersionOf(definition), metadata };
    const body =
      shape === 'Table'
        ? {
            kind: 'Table',
            apiVersion: 'meta.k8s.io/v1',
            metadata,
            columnDefinitions: null,
            rows: [{ cells: [], object: type }],
          }
        : type;
    send('BOOKMARK', JSON.stringify(body));
  };
  const sendChange = (change: Change): void => {
    const type = visibleAs(change, inScope);
    if (type) send(type, formed(toVersion(definition, change.object)));
  };

  const wanted = query.get('resourceVersion');
  const sendsInitial = query.flag('sendInitialEvents');
  if (sendsInitial || ((!wanted || wanted === '0') && !query.has('sendInitialEvents'))) {
    for (const object of store.list(definition.storage, path.namespace)) {
      if (inScope(object)) send('ADDED', formed(toVersion(definition, object)));
    }
    if (sendsInitial) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    const missed = wanted ? store.changesSince(definition.storage, Number(wanted)) : [];
    if (!missed) {
      const message = `too old resource version: ${wanted} (${String(store.oldest(definition.storage))})`;
      send('ERROR', JSON.stringify(expired(message).status));
      response.end();
      return;
    }
    for (const change of missed) sendChange(change);
  }

  const unsubscribe = store.subscribe((change) => {
    sendChange(change);
  }, definition.storage);
  const seconds = Number(query.get('timeoutSeconds') || 0) || 1800 + Math.random() * 1800;
  const timeout = setTimeout(finish, seconds * 1000);
  const bookmarks = query.flag('allowWatchBookmarks')
    ? setInterval(() => {
        bookmark();
      }, bookmarkEveryMs)
    : null;
  function finish(): void {
    clearTimeout(timeout);
    if (bookmarks) clearInterval(bookmarks);
    unsubscribe();
    if (!response.writableEnded) response.end();
  }
  signal.addEventListener('abort', finish, { once: true });
}
