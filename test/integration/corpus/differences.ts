import type { Answer } from './compare.ts';

type AsOurs = (kubectl: Answer) => Answer;

const withStderr =
  (change: (stderr: string) => string): AsOurs =>
  (kubectl) => ({ ...kubectl, stderr: change(kubectl.stderr) });
const namespaceMissing = withStderr((said) => `${said.trimEnd()}\nNamespace nope does not exist.\n`);

/**
 * For each case that `differs`, by its line: kubectl's answer turned into the one that is ours on purpose. So a case
 * differs in exactly this and nothing else; a crash or an empty answer is no such difference.
 */
export const differences: Readonly<Record<string, AsOurs>> = {
  'kubectl get componentstatuses nope': withStderr((said) => said.replace(/^Warning: .*deprecated.*\n/, '')),
  'kubectl get pods -n shop --sort-by=.nope': () => ({
    stdout: '',
    stderr: 'error: couldn\'t find any field with path "{.nope}" in the list of objects',
    code: 1,
  }),
  'kubectl version -o json': (kubectl) => {
    const { serverVersion } = JSON.parse(kubectl.stdout) as { serverVersion: unknown };
    const clientVersion = { gitVersion: 'v0.0.0-test', platform: `${process.platform}/${process.arch}` };
    return { ...kubectl, stdout: `${JSON.stringify({ clientVersion, serverVersion }, null, 2)}\n` };
  },
  'kubectl get pod redis-0 -n shop -o jsonpath={.spec.containers[5].name}': withStderr((said) =>
    said.replace(/ Printing more information for debugging the template:[^]*/, ''),
  ),
  "kubectl get svc web -n shop -o go-template='{{index .nope 1}}'": ({ stderr, code }) => ({
    stdout: '',
    stderr: stderr.replace(/(?<=": )template: .*error calling index: /, ''),
    code,
  }),
  'kubectl get pods -n nope': namespaceMissing,
  'kubectl describe pods -n nope': namespaceMissing,
  'kubectl get --raw /nope': withStderr(
    () => 'error: Reading /nope is not allowed: it is not part of the Kubernetes resource API.',
  ),
  'kubectl explain pod.foo': (kubectl) => ({ ...kubectl, stdout: '' }),
  'kubectl scale deploy/web -n shop': withStderr((said) => {
    const [, sentence = '""'] = /"command failed" err=("(?:[^"\\]|\\.)*")/.exec(said) ?? [];
    return `error: ${JSON.parse(sentence) as string}`;
  }),
  'kubectl delete pod node-agent -n kube-system --dry-run=server': withStderr((said) =>
    said.replace('cannot delete resource', 'cannot get resource'),
  ),
};
