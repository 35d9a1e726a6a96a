import type { LocalVerb, Verb } from './call.ts';
import { apiResources, apiVersions } from './verbs/api-resources.ts';
import { canI, whoami } from './verbs/auth.ts';
import { currentContext, getContexts, useContext, view } from './verbs/config.ts';
import { deleteObjects } from './verbs/delete.ts';
import { describe } from './verbs/describe.ts';
import { events } from './verbs/events.ts';
import { explain } from './verbs/explain.ts';
import { get } from './verbs/get.ts';
import { help } from './verbs/help.ts';
import { logs } from './verbs/logs.ts';
import { scale } from './verbs/scale.ts';
import { topNode, topPod } from './verbs/top.ts';
import { version } from './verbs/version.ts';

/** The verbs that ask a cluster, by their name in the grammar. */
export const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['get', get],
  ['describe', describe],
  ['logs', logs],
  ['top pod', topPod],
  ['top node', topNode],
  ['events', events],
  ['api-resources', apiResources],
  ['api-versions', apiVersions],
  ['explain', explain],
  ['auth can-i', canI],
  ['auth whoami', whoami],
  ['scale', scale],
  ['delete', deleteObjects],
]);

/** The verbs that can do without a cluster. */
export const localVerbs: ReadonlyMap<string, LocalVerb> = new Map<string, LocalVerb>([
  ['config view', view],
  ['config get-contexts', getContexts],
  ['config use-context', useContext],
  ['config current-context', currentContext],
  ['version', version],
  ['help', help],
]);
