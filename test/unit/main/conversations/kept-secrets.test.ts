import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { CommandResult, ResultBody } from '../../../../shared/commands.ts';
import { keptLine } from '../../../../main/conversations/kept-line.ts';
import { withoutSecrets } from '../../../../main/conversations/kept-secrets.ts';

describe('a line as it is kept', () => {
  test.for([
    ['kubectl create secret generic db --from-literal=pw=hunter2', 'pw=‹not-kept›'],
    ['kubectl create secret generic db --from-literal pw=hunter2 -n shop', '--from-literal pw=‹not-kept› -n shop'],
    ["kubectl create secret generic db --from-literal='pw=hunter2 and more'", '--from-literal=pw=‹not-kept›'],
    ['kubectl create secret generic db --from-literal="pw=hunter2', '--from-literal=pw=‹not-kept›'],
    ['kubectl create secret docker-registry r --docker-password=hunter2', '--docker-password=‹not-kept›'],
    ['kubectl get pods --token hunter2', '--token ‹not-kept›'],
    ['kubectl get pods --password="hunter2"', '--password=‹not-kept›'],
    ['kubectl set env deploy/web DB_PASSWORD=hunter2', 'DB_PASSWORD=‹not-kept›'],
    ['kubectl run x --image=y --env=API_TOKEN=hunter2', '--env=API_TOKEN=‹not-kept›'],
    [`kubectl patch secret db -p '{"stringData":{"pw":"hunter2"}}'`, '-p ‹not-kept›'],
    ['kubectl get --raw https://jan:hunter2@host/api', 'https://jan:‹not-kept›@host/api'],
    ['kubectl exec web -- curl -H "Authorization: Bearer hunter2"', 'Bearer ‹not-kept›'],
  ] as const)('%s', ([line, kept]) => {
    const { line: text } = keptLine(line);
    expect(text).not.toContain('hunter2');
    expect(text).toContain(kept);
    expect(keptLine(text)).toEqual({ line: text, literals: [] });
  });

  test.for([
    'kubectl get pods -n shop -l app=web -o jsonpath="{.items[*].metadata.name}"',
    'kubectl get secret db -o yaml | grep name',
    'kubectl create secret tls t --cert=a.crt --key=b.key',
    'kubectl run x --image=y --env=MODE=fast',
    `kubectl patch deploy web -p '{"spec":{"replicas":2}}'`,
    'kubectl logs web -p --tail=20',
    "why's the web so slow?",
    'a "quote that never ends',
    '\\',
  ])('%s stays as it is', (line) => {
    expect(keptLine(line)).toEqual({ line, literals: [] });
  });

  test('100,000 characters of quotes take no time', () => {
    const at = performance.now();
    keptLine(`kubectl ${`'"\\`.repeat(30_000)}`);
    expect(performance.now() - at).toBeLessThan(500);
  });
});

const plain = 'hunter2hunter2';
const base64 = Buffer.from(plain).toString('base64');
const secret = {
  apiVersion: 'v1',
  data: { pw: base64, more: 'bW9yZQ==' },
  kind: 'Secret',
  metadata: {
    name: 'db',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"kind":"Secret","stringData":{"pw":"${plain}"}}\n`,
    },
  },
};
const config = { apiVersion: 'v1', kind: 'ConfigMap', data: { exact: 12345678901234567890n }, metadata: { name: 'c' } };
const list = { apiVersion: 'v1', kind: 'List', items: [{ kind: 'ConfigMap', data: { a: 'stays' } }, secret] };
const raw = { kind: 'SecretList', apiVersion: 'v1', items: [{ metadata: { name: 'db' }, data: { pw: base64 } }] };

function kept(line: string, text: string, more: Partial<CommandResult> = {}) {
  const body: ResultBody = { kind: 'text', text };
  const route: CommandResult['route'] = { way: 'direct', steps: [], ms: 1, narrowed: null };
  const result = {
    ...{ run: crypto.randomUUID(), line, cluster: 'c', namespace: null, at: 1, exitCode: 0, body, notes: [], route },
    ...{ failure: null, following: false, doneText: null, ...more },
  };
  return withoutSecrets(result);
}
const textOf = ({ body }: CommandResult) => (body.kind === 'text' ? body.text : body.kind);

describe('a result as it is kept', () => {
  test.for([
    ['kubectl get secret db -o yaml', stringify(secret)],
    ['kubectl get secret db -o json', JSON.stringify(secret, null, 4)],
    ['kubectl get cm,secret -o yaml', stringify(list)],
    ['kubectl get cm,secret -o json', JSON.stringify(list, null, 4)],
    ['kubectl get --raw /api/v1/secrets', JSON.stringify(raw)],
    ['kubectl get -n shop all -o yaml', `${stringify(config)}---\n${stringify(secret)}`],
  ] as const)('%s keeps no value of a Secret, and everything else', ([line, text]) => {
    const result = kept(line, text);
    expect(textOf(result)).not.toContain(plain);
    expect(textOf(result)).not.toContain(base64);
    expect(textOf(result)).toContain('‹not-kept›');
    expect(textOf(result)).toContain('db');
    if (text.includes('stays')) expect(textOf(result)).toContain('stays');
    if (text.includes('ConfigMap')) expect(textOf(result).split('\n')[1]).toBe(text.split('\n')[1]);
    expect(result.notes).toEqual(['Values of Secrets are not kept here. Run the command again to see them.']);
  });

  test.for([
    "kubectl get secret db -o jsonpath='{.data.pw}'",
    'kubectl get secrets/db -ojsonpath={.data.pw}',
    'kubectl get secret db --template={{.data.pw}}',
    'kubectl get secret db -o go-template={{.data.pw}}',
    'kubectl get secrets -o custom-columns=PW:.data.pw',
    'kubectl get secret db -o yaml | grep pw',
    "kubectl get pods,secrets -o=jsonpath='{..data}'",
  ])('%s is not kept, and says so', (line) => {
    const result = kept(line, `pw: ${base64}\n`);
    expect(textOf(result)).toMatch(/^Not kept: /);
    expect(result.notes).toHaveLength(1);
  });

  test.for([
    ['kubectl get secrets', 'NAME   TYPE     DATA   AGE\ndb     Opaque   1      3d\n'],
    ['kubectl get secrets -o wide', 'NAME   TYPE     DATA   AGE\ndb     Opaque   1      3d\n'],
    ['kubectl describe secret db', 'Name:  db\nData\n====\npw:  14 bytes\n'],
    ['kubectl get deploy web -o yaml', stringify({ kind: 'Deployment', owner: { kind: 'Secret', name: 'x' } })],
    ['kubectl explain secret', 'KIND:       Secret\nVERSION:    v1\n'],
    ['kubectl logs web', "kind of a Secret: {'unclosed"],
  ] as const)('%s is kept as it is', ([line, text]) => {
    const result = kept(line, text);
    expect(textOf(result)).toBe(text);
    expect(result.notes).toEqual([]);
  });

  test('a failure that repeats what was typed is kept without it', () => {
    const message = `unknown: --from-literal=pw=${plain}`;
    const failure = { code: 'command.unsupported', message, remedy: 'Look.' } as const;
    const result = kept(`kubectl create secret generic db --from-literal=pw=${plain}`, base64, { failure });
    expect(JSON.stringify(result)).not.toContain(plain);
    expect(JSON.stringify(result)).not.toContain(base64.replace(/=+$/, ''));
    expect(result.notes).toEqual(['Secrets in the line are not kept; ‹not-kept› stands for them.']);
  });
});
