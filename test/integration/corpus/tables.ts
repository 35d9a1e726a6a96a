import { cases, type Case } from './case.ts';

/** `get` as tables, and the tables of the other verbs. */
export const tables: readonly Case[] = [
  ...cases(
    'cells',
    `
    kubectl get pods
    kubectl get pods -n shop
    kubectl get po --namespace=shop
    kubectl get pod -nshop
    kubectl -n shop get pods
    kubectl get pods -n kube-system -o wide
    kubectl get pods -n shop -o wide
    kubectl get pods -n shop -owide
    kubectl get pods -n shop --show-labels
    kubectl get pods -n shop -L app,pod-template-hash
    kubectl get pods -n shop -L app -L nope
    kubectl get pods -n shop --no-headers
    kubectl get pods -n shop --no-headers=true -o wide
    kubectl get pods -n shop -l app=web
    kubectl get pods -n shop -l 'app in (web,catalog)'
    kubectl get pods -n shop -l 'app!=web'
    kubectl get pods -n shop -l nope=nope
    kubectl get pods -n shop --selector app=web --no-headers
    kubectl get pods -n shop --field-selector=status.phase=Running
    kubectl get pods -n shop --field-selector metadata.name=redis-0
    kubectl get pods -n shop --sort-by=.metadata.name
    kubectl get pods -n shop --sort-by=metadata.name -o wide
    kubectl get pods -n shop --show-kind
    kubectl get po,svc -n shop
    kubectl get po,svc,deploy -n shop --no-headers
    kubectl get deploy,rs,sts -n shop -o wide
    kubectl get all -n shop
    kubectl get all -n kube-public
    kubectl get deploy web -n shop
    kubectl get deploy/web svc/web -n shop
    kubectl get deploy/web deploy/catalog -n shop
    kubectl get deploy web catalog nope -n shop
    kubectl get deploy web nope -n shop --ignore-not-found
    kubectl get pod/redis-0 deploy -n shop
    kubectl get pod nope --ignore-not-found
    kubectl get nodes
    kubectl get no -o wide
    kubectl get node node-1 --show-labels
    kubectl get ns shop default
    kubectl get crd
    kubectl get coupons -n shop
    kubectl get cpn -A
    kubectl get coupon.shop.example -A -o wide
    kubectl get coupons.v1.shop.example -n shop
    kubectl get deployments.apps -n shop
    kubectl get deployments.v1.apps -n shop
    kubectl get Deployment -n shop
    kubectl get hpa,cj,jobs,sts,ds -n shop
    kubectl get endpointslices -n shop
    kubectl get sa -n shop
    kubectl get cm,secrets -n shop
    kubectl get roles,rolebindings -n shop
    kubectl get clusterroles
    kubectl get pv,pvc -n shop
    kubectl get ing,netpol,pdb -n shop
    kubectl get sc
    kubectl get podmetrics -n kube-public
    kubectl get apiservices
    kubectl get priorityclasses,flowschemas
    kubectl get leases -n kube-node-lease
    kubectl get deploy web -n shop --subresource=status
    kubectl get deploy web -n shop --subresource=scale
    kubectl get pods -n kube-public
    kubectl get pods -n kube-public --no-headers
    kubectl get pods --context real -n shop
    kubectl api-resources
    kubectl api-resources -o wide
    kubectl api-resources --namespaced=false --sort-by=name
    kubectl api-resources --namespaced=true --no-headers
    kubectl api-resources --api-group=apps --no-headers
    kubectl api-resources --verbs=list,create --sort-by=kind
    kubectl api-resources --categories=all
    kubectl config get-contexts
    kubectl config get-contexts real
    kubectl config get-contexts nope
    kubectl auth can-i --list
    kubectl auth can-i --list --no-headers -n shop
    kubectl auth whoami
    kubectl top node --no-headers | cut -d' ' -f1
    kubectl top pod -n shop | cut -d' ' -f1
    kubectl top pod -n kube-public
    kubectl events --for pod/redis-0 -n shop
    kubectl events -n kube-public
    kubectl events -n shop --for deploy/web --no-headers
  `,
  ),
  ...cases(
    'lines',
    `
    kubectl get events -n shop
    kubectl get events -n shop --field-selector type=Warning
    kubectl get ev -n kube-system
    kubectl events -n shop --types=Normal
    kubectl get pods -n shop --sort-by=.metadata.creationTimestamp
    kubectl get pods -n shop --sort-by='{.spec.nodeName}'
  `,
  ),
  { line: 'kubectl get cm -n shop --sort-by=.metadata.creationTimestamp', same: 'cells' },
  {
    line: 'kubectl get componentstatuses nope',
    differs: 'the deprecation warning that comes with a refusal is not shown',
  },
  {
    line: 'kubectl get pods -n shop --sort-by=.nope',
    differs: 'kubectl hides the rows and says that there are none; here the error names the path that no row has',
  },
];
