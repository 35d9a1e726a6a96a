/** Spellings of verbs, and the verbs of kubectl's that are not in this version. */

/** Other spellings. */
export const verbAliases: ReadonlyMap<string, string> = new Map([
  ['log', 'logs'],
  ['event', 'events'],
  ['config use', 'config use-context'],
  ['top pods', 'top pod'],
  ['top po', 'top pod'],
  ['top nodes', 'top node'],
  ['top no', 'top node'],
]);

/** Verbs with words below them. */
export const groupVerbs: ReadonlyMap<string, string> = new Map([
  ['top', 'Display resource (CPU/memory) usage'],
  ['config', 'The kubeconfig in use'],
  ['auth', 'Inspect authorization'],
]);

/** kubectl has these; this version of the app does not. The text says what comes nearest. */
export const otherVerbs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    create: '',
    expose: '',
    run: '',
    set: '',
    edit: '',
    rollout: '',
    autoscale: 'Use kubectl scale for a fixed size.',
    certificate: '',
    'cluster-info': 'Use kubectl version or kubectl get nodes.',
    cordon: '',
    uncordon: '',
    drain: '',
    taint: '',
    attach: '',
    exec: '',
    'port-forward': '',
    proxy: '',
    cp: '',
    debug: 'Use kubectl describe and kubectl logs.',
    diff: 'Use kubectl get -o yaml.',
    apply: '',
    patch: '',
    replace: '',
    wait: 'Use kubectl get --watch.',
    kustomize: '',
    label: '',
    annotate: '',
    completion: 'Completion is built into the command line here.',
    plugin: '',
    kuberc: '',
    options: '',
    alpha: '',
    'config set': '',
    'config set-context': '',
    'config set-cluster': '',
    'config set-credentials': '',
    'config unset': '',
    'config delete-context': '',
    'config delete-cluster': '',
    'config delete-user': '',
    'config get-clusters': 'Use kubectl config view.',
    'config get-users': 'Use kubectl config view.',
    'config rename-context': '',
    'auth reconcile': '',
  }),
);
