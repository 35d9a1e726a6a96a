/** kubectl's verbs and their flags: names, short names and kinds of value, as its help lists them. */

import { duration, integer, list, on, text, type FlagSpec } from './flag-spec.ts';

export interface VerbSpec {
  readonly about: string;
  readonly flags: readonly FlagSpec[];
  /** What the arguments name. */
  readonly takes: 'resources' | 'pods' | 'nodes' | 'contexts' | 'types' | 'access' | 'nothing';
  readonly changes: boolean;
}

const printed = ['wide', 'yaml', 'json', 'name', 'jsonpath=', 'custom-columns=', 'go-template='];
const output = (values: readonly string[] = printed): FlagSpec => text('output', 'Output format', 'o', values);
const template = [
  on('allow-missing-template-keys', 'Ignore missing keys in templates'),
  on('show-managed-fields', 'Keep managedFields in JSON and YAML'),
  text('template', 'Template for -o go-template and -o jsonpath'),
];
const files = [
  list('filename', 'Not taken here: files are not read', 'f'),
  text('kustomize', 'Not taken here: files are not read', 'k'),
  on('recursive', 'Not taken here: files are not read', 'R'),
];
const selector = text('selector', 'Label query', 'l');
const fieldSelector = text('field-selector', 'Field query');
const everywhere = on('all-namespaces', 'All namespaces', 'A');
const chunkSize = integer('chunk-size', 'How many objects one request lists');
const noHeaders = on('no-headers', 'No header line');
const dryRun: FlagSpec = {
  name: 'dry-run',
  kind: 'string',
  bare: 'unchanged',
  values: ['none', 'server', 'client'],
  about: 'Only print what would be sent',
};

const verbs: Record<string, VerbSpec> = {
  get: {
    about: 'Display one or many resources',
    takes: 'resources',
    changes: false,
    flags: [
      everywhere,
      chunkSize,
      fieldSelector,
      ...files,
      on('ignore-not-found', 'Objects that are not there are no error'),
      list('label-columns', 'Labels to show as columns', 'L'),
      noHeaders,
      output(),
      on('output-watch-events', 'Print the event of each change watched'),
      text('raw', 'Path to get from the server'),
      selector,
      on('server-print', 'Let the server make the columns'),
      on('show-kind', 'Show the kind before the name'),
      on('show-labels', 'Show all labels as the last column'),
      text('sort-by', 'JSONPath to sort by'),
      text('subresource', 'Subresource to get', undefined, ['status', 'scale', 'resize']),
      on('watch', 'Keep watching after the list', 'w'),
      on('watch-only', 'Watch without the list'),
      ...template,
    ],
  },
  describe: {
    about: 'Show details of a specific resource or group of resources',
    takes: 'resources',
    changes: false,
    flags: [everywhere, chunkSize, ...files, selector, on('show-events', 'Show events')],
  },
  logs: {
    about: 'Print the logs for a container in a pod',
    takes: 'pods',
    changes: false,
    flags: [
      on('all-containers', 'Logs of all containers'),
      on('all-pods', 'Logs of all pods'),
      text('container', 'Container', 'c'),
      on('follow', 'Keep printing new lines', 'f'),
      on('ignore-errors', 'Keep following where one pod fails'),
      on('insecure-skip-tls-verify-backend', 'Do not verify the kubelet'),
      integer('limit-bytes', 'Most bytes to print'),
      integer('max-log-requests', 'How many pods to follow at once'),
      duration('pod-running-timeout', 'How long to wait for a running pod'),
      on('prefix', 'Begin each line with its pod and container'),
      on('previous', 'Logs of the instance before this one', 'p'),
      selector,
      duration('since', 'Only lines newer than this'),
      text('since-time', 'Only lines after this time'),
      integer('tail', 'Lines from the end'),
      on('timestamps', 'Begin each line with its time'),
    ],
  },
  'top pod': {
    about: 'CPU and memory of pods',
    takes: 'resources',
    changes: false,
    flags: [
      everywhere,
      on('containers', 'One row per container'),
      fieldSelector,
      noHeaders,
      selector,
      on('show-swap', 'Show swap'),
      text('sort-by', 'cpu or memory', undefined, ['cpu', 'memory']),
      on('sum', 'Add a line with the sum'),
      on('use-protocol-buffers', 'No effect here'),
    ],
  },
  'top node': {
    about: 'CPU and memory of nodes',
    takes: 'nodes',
    changes: false,
    flags: [
      noHeaders,
      selector,
      on('show-capacity', 'Percent of capacity instead of allocatable'),
      on('show-swap', 'Show swap'),
      text('sort-by', 'cpu or memory', undefined, ['cpu', 'memory']),
      on('use-protocol-buffers', 'No effect here'),
    ],
  },
  events: {
    about: 'List events',
    takes: 'nothing',
    changes: false,
    flags: [
      everywhere,
      chunkSize,
      text('for', 'Only events of this object'),
      noHeaders,
      output(),
      list('types', 'Only events of these types'),
      on('watch', 'Keep watching after the list', 'w'),
      ...template,
    ],
  },
  'config view': {
    about: 'The kubeconfig, without its secrets',
    takes: 'nothing',
    changes: false,
    flags: [
      on('flatten', 'One file without references'),
      on('merge', 'All files together'),
      on('minify', 'Only the current context'),
      output(['yaml', 'json', 'jsonpath=']),
      on('raw', 'Raw bytes and secrets'),
      ...template,
    ],
  },
  'config get-contexts': {
    about: 'The contexts of the kubeconfig',
    takes: 'contexts',
    changes: false,
    flags: [noHeaders, output(['name'])],
  },
  'config use-context': { about: 'Switch to a context', takes: 'contexts', changes: false, flags: [] },
  'config current-context': { about: 'The context in use', takes: 'nothing', changes: false, flags: [] },
  help: { about: 'The commands, and the flags of each', takes: 'nothing', changes: false, flags: [] },
  version: {
    about: 'Versions of the app and of the server',
    takes: 'nothing',
    changes: false,
    flags: [on('client', 'Only the version of the app'), output(['yaml', 'json'])],
  },
  'api-resources': {
    about: 'The resource types that the server knows',
    takes: 'nothing',
    changes: false,
    flags: [
      text('api-group', 'Only this group'),
      on('cached', 'Use what is cached'),
      list('categories', 'Only these categories'),
      on('namespaced', 'Only types in namespaces, or only types that are not'),
      noHeaders,
      output(['wide', 'name', 'json', 'yaml']),
      on('show-managed-fields', 'No effect here'),
      text('sort-by', 'name or kind', undefined, ['name', 'kind']),
      list('verbs', 'Only types with these verbs'),
    ],
  },
  'api-versions': { about: 'The API versions of the server', takes: 'nothing', changes: false, flags: [] },
  explain: {
    about: 'Documentation of a resource type and its fields',
    takes: 'types',
    changes: false,
    flags: [
      text('api-version', 'Version to explain'),
      output(['plaintext', 'plaintext-openapiv2']),
      on('recursive', 'All fields, names and types only', 'R'),
    ],
  },
  'auth can-i': {
    about: 'Whether an action is allowed',
    takes: 'access',
    changes: false,
    flags: [
      everywhere,
      on('list', 'All that is allowed in the namespace'),
      noHeaders,
      on('quiet', 'Only the exit code', 'q'),
      text('subresource', 'Subresource'),
    ],
  },
  'auth whoami': {
    about: 'Who the server takes this app for',
    takes: 'nothing',
    changes: false,
    flags: [output(['json', 'yaml', 'jsonpath=']), ...template],
  },
  scale: {
    about: 'Set a new size for a deployment, replica set, or replication controller',
    takes: 'resources',
    changes: true,
    flags: [
      on('all', 'All resources of the type'),
      integer('current-replicas', 'Only where the size is this one'),
      dryRun,
      ...files,
      output(),
      integer('replicas', 'The new size'),
      text('resource-version', 'Only where the version is this one'),
      selector,
      duration('timeout', 'How long to wait'),
      ...template,
    ],
  },
  delete: {
    about: 'Delete resources by names, or by label selector',
    takes: 'resources',
    changes: true,
    flags: [
      on('all', 'All resources of the type'),
      everywhere,
      {
        name: 'cascade',
        kind: 'string',
        bare: 'background',
        values: ['background', 'orphan', 'foreground'],
        about: 'What becomes of what it owns',
      },
      dryRun,
      fieldSelector,
      ...files,
      on('force', 'Do not wait for the pod to stop'),
      integer('grace-period', 'Seconds to stop in'),
      on('ignore-not-found', 'Objects that are not there are no error'),
      on('interactive', 'Ask before each', 'i'),
      on('now', 'One second to stop in'),
      output(['name']),
      text('raw', 'Not taken here: it cannot be previewed'),
      selector,
      duration('timeout', 'How long to wait'),
      on('wait', 'Wait until it is gone'),
    ],
  },
};

/** The table; a name such as `constructor` is not in it. */
export const verbTable: ReadonlyMap<string, VerbSpec> = new Map(Object.entries(verbs));
