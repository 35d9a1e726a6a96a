import { cases, type Case } from './case.ts';

/** What goes wrong: the same first line on stderr, the same exit code. */
export const errors: readonly Case[] = [
  ...cases(
    'bytes',
    `
    kubectl get
    kubectl get foo
    kubectl get pod nope
    kubectl get pods nope nada -n shop
    kubectl get deploy/nope -n shop -o yaml
    kubectl get pods --bogus
    kubectl get pods -z
    kubectl get pods -n
    kubectl get pods --namespace
    kubectl get pods --watch=maybe
    kubectl logs redis-0 --tail=a
    kubectl logs redis-0 --since=5
    kubectl gett pods
    kubectl get pods x -l a=b
    kubectl get pods x -A
    kubectl get nodes node-1 -A
    kubectl get pod/x deploy
    kubectl get pods/a/b
    kubectl get deploy/ -n shop
    kubectl get pods -l 'a=b=c'
    kubectl get pods --field-selector=foo=bar
    kubectl get pods --show-labels -o yaml
    kubectl get pods -o foo
    kubectl get pods -n shop -o custom-columns=NAME
    kubectl get pods -n shop -o custom-columns=
    kubectl get pods -n shop -o jsonpath=
    kubectl get pod redis-0 -n shop -o jsonpath='{.spec'
    kubectl get pods --context nope
    kubectl api-resources extra
    kubectl api-resources --sort-by=age
    kubectl config use-context nope
    kubectl auth can-i get
    kubectl auth can-i foo pods
    kubectl auth can-i get nodes
    kubectl auth can-i get foo
    kubectl auth can-i --list pods
    kubectl top pod nope -n shop
    kubectl top pod --sort-by=age
    kubectl top node nope
    kubectl events --types=Bad
    kubectl events --for redis
    kubectl logs
    kubectl logs nope -n shop
    kubectl logs redis-0 -n shop --previous
    kubectl logs deploy/catalog -c nope -n shop
    kubectl logs deploy/search -n shop
    kubectl logs redis-0 redis -c redis -n shop
    kubectl logs redis-0 -n shop --since=1h --since-time=2026-01-01T00:00:00Z
    kubectl explain foo
    kubectl explain
    kubectl describe pod nope
    kubectl describe
    kubectl describe foo
    kubectl describe pods -n kube-public
    kubectl scale deploy/nope -n shop --replicas=2
    kubectl scale deploy web -n shop --replicas=3 --current-replicas=7
    kubectl scale deploy web -n shop --replicas=-1
    kubectl delete
    kubectl delete pods -n shop
    kubectl delete pod nope -n shop
    kubectl delete pod nope -n shop --ignore-not-found
    kubectl delete pod redis-0 -n shop --now --grace-period=3
    kubectl delete pod redis-0 -n shop --cascade=maybe
    kubectl delete pod redis-0 -n shop --dry-run=maybe
    kubectl delete pods --all -n nope
    kubectl delete pods -l a=b --all -n shop
  `,
  ),
  {
    line: 'kubectl get pod redis-0 -n shop -o jsonpath={.spec.containers[5].name}',
    differs: 'kubectl adds the whole object to the same error, for debugging the template',
  },
  {
    line: "kubectl get svc web -n shop -o go-template='{{index .nope 1}}'",
    differs: 'kubectl says where in the template it was, here only what was wrong is said',
  },
  { line: 'kubectl get pods -n nope', differs: 'kubectl does not say that the namespace does not exist' },
  { line: 'kubectl describe pods -n nope', differs: 'kubectl does not say that the namespace does not exist' },
  { line: 'kubectl get --raw /nope', differs: 'the gate refuses paths that it does not know to be reads' },
  { line: 'kubectl explain pod.foo', differs: 'kubectl prints the head of the answer before it fails' },
  { line: 'kubectl scale deploy/web -n shop', differs: 'kubectl logs the same sentence as an internal error' },
];

/** With a person who may edit one namespace only: what is forbidden. */
export const forbidden: readonly Case[] = [
  ...cases(
    'cells',
    `
  kubectl get pods -A
  kubectl get nodes
  kubectl get pods -n kube-system
  kubectl get pods -n shop
  kubectl get pod node-agent -n kube-system
  kubectl get secrets -A -o yaml
  kubectl get deploy -n shop -o name
  kubectl describe node node-1
  kubectl auth can-i list nodes
  kubectl auth can-i delete pods -n shop
  kubectl auth can-i --list -n shop
  kubectl logs redis-0 -n kube-system
  kubectl top node
  kubectl scale deploy web -n kube-system --replicas=1 --dry-run=server
`,
  ),
  {
    line: 'kubectl delete pod node-agent -n kube-system --dry-run=server',
    differs:
      'an object is read before its deletion, so that the approval is bound to its state: reading is refused first',
  },
];
