import { cases, type Case } from './case.ts';

/** describe, logs, and what changes would say of themselves. */
export const descriptions: readonly Case[] = [
  ...cases(
    'cells',
    `
    kubectl describe pod redis-0 -n shop
    kubectl describe pod/redis-0 -n shop
    kubectl describe pod web -n shop
    kubectl describe pod -n shop -l app=catalog
    kubectl describe deploy web -n shop
    kubectl describe deploy -n shop
    kubectl describe deploy/web svc/web -n shop
    kubectl describe rs -n shop -l app=web
    kubectl describe sts -n shop
    kubectl describe ds -n kube-system
    kubectl describe job migrate-42 -n shop
    kubectl describe svc -n shop
    kubectl describe svc kubernetes -n default
    kubectl describe ns shop
    kubectl describe cm -n shop
    kubectl describe secrets -n shop
    kubectl describe sa -n shop
    kubectl describe hpa ghost -n shop
    kubectl describe endpointslices -n shop
    kubectl describe coupons -n shop
    kubectl describe crd
    kubectl describe clusterroles
    kubectl describe clusterrolebindings
    kubectl describe priorityclass
    kubectl describe apiservice v1.apps
    kubectl describe pods -n shop --show-events=false -l app=web
    kubectl logs redis-0 -n shop
    kubectl logs redis-0 -n shop --tail=3
    kubectl logs redis-0 -n shop --tail=0
    kubectl logs redis-0 redis -n shop
    kubectl logs redis-0 -c redis -n shop --timestamps --tail=2
    kubectl logs pod/redis-0 -n shop --since=8760h --tail=2
    kubectl logs redis-0 -n shop --limit-bytes=20
    kubectl logs job/migrate-42 -n shop
    kubectl logs deploy/checkout -n shop --previous
    kubectl logs -l app=nope -n shop
    kubectl scale deploy/web -n shop --replicas=3 --dry-run=server
    kubectl scale deploy/web -n shop --replicas=3 --dry-run=client
    kubectl scale deploy/web sts/redis -n shop --replicas=3 --dry-run=server -o name
    kubectl delete pod redis-0 -n shop --dry-run=server
    kubectl delete pod redis-0 -n shop --dry-run=client
    kubectl delete pod redis-0 -n shop --dry-run=server --force
    kubectl delete pod redis-0 -n shop --dry-run=server -o name
    kubectl delete deploy,svc -l app=web -n shop --dry-run=client
    kubectl delete ns shop --dry-run=server
  `,
  ),
  ...cases(
    'lines',
    `
    kubectl describe node node-1
    kubectl logs deploy/catalog -n shop --all-containers --prefix --tail=1 | cut -d' ' -f1
  `,
  ),
];
