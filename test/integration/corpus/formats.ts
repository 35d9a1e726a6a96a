import { cases, type Case } from './case.ts';

/** json, yaml, name, jsonpath, custom-columns and go-template: byte for byte. */
export const formats: readonly Case[] = [
  ...cases(
    'bytes',
    `
    kubectl get deploy web -n shop -o yaml
    kubectl get deploy web -n shop -o json
    kubectl get deploy web -n shop -ojson
    kubectl get deploy/web -n shop -o=yaml
    kubectl get deploy web -n shop -o json --show-managed-fields
    kubectl get deploy web -n shop -o yaml --show-managed-fields
    kubectl get deploy web catalog -n shop -o yaml
    kubectl get deploy,svc -n shop -o yaml
    kubectl get svc -n shop -o json
    kubectl get cm -n shop -o yaml
    kubectl get secret -n shop -o json
    kubectl get secret -n shop -o yaml
    kubectl get crd -o yaml
    kubectl get coupons -A -o json
    kubectl get coupons -A -o yaml
    kubectl get clusterroles -o yaml
    kubectl get clusterroles view -o json
    kubectl get apiservices -o yaml
    kubectl get flowschemas -o json
    kubectl get priorityclasses -o yaml
    kubectl get ns shop -o yaml
    kubectl get rs -n shop -l app=web -o yaml
    kubectl get pods -n nope -o yaml
    kubectl get pods -n nope -o json
    kubectl get pods -n nope -o name
    kubectl get pod nope --ignore-not-found -o yaml
    kubectl get deploy web -n shop --subresource=scale -o yaml
    kubectl get pods -n shop -o name
    kubectl get deploy,svc -n shop -o name
    kubectl get deploy/web svc/web -n shop -o name
    kubectl get crd,ns -o name
    kubectl get pods -n shop -o jsonpath={.items[*].metadata.name}
    kubectl get pods -n shop -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.spec.nodeName}{"\\n"}{end}'
    kubectl get pods -n shop -o jsonpath='{range .items[*]}{@.metadata.name}{range .spec.containers[*]}{" "}{.name}={.image}{end}{"\\n"}{end}'
    kubectl get pods -n shop -o jsonpath='{.items[?(@.status.phase=="Running")].metadata.name}'
    kubectl get pods -n shop -o jsonpath='{.items[?(@.spec.containers[0].name=="redis")].metadata.uid}'
    kubectl get deploy -n shop -o jsonpath='{.items[?(@.spec.replicas>1)].metadata.name}'
    kubectl get deploy -n shop -o jsonpath='{.items[?(@.spec.template.spec.initContainers)].metadata.name}'
    kubectl get pods -n shop -o jsonpath='{.items[0:3].metadata.name}'
    kubectl get pods -n shop -o jsonpath='{.items[0:6:2].metadata.name}'
    kubectl get pods -n shop -o jsonpath='{.items[-1:].metadata.name}'
    kubectl get pods -n shop -o jsonpath='{.items[-1].metadata.name}'
    kubectl get svc web -n shop -o jsonpath='{.spec}'
    kubectl get svc web -n shop -o jsonpath='{.metadata.labels}{.spec.ports}'
    kubectl get svc web -n shop -o jsonpath='{.spec.ports[0].port} and {.spec.type}'
    kubectl get pods -n shop -o jsonpath="{.items[0]['metadata.name','spec.nodeName']}"
    kubectl get pods -n shop -o jsonpath="{.items[0].metadata['name']}"
    kubectl get crd coupons.shop.example -o jsonpath='{.spec.versions[*].name}'
    kubectl get deploy web -n shop -o jsonpath='{.metadata.annotations.deployment\\.kubernetes\\.io/revision}'
    kubectl get pod redis-0 -n shop -o jsonpath='{.spec.containers[0].foo.bar}'
    kubectl get pod redis-0 -n shop -o jsonpath='plain text'
    kubectl get pods -n shop -o jsonpath-as-json='{.items[*].metadata.name}'
    kubectl get pods -n shop -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,IMG:.spec.containers[*].image
    kubectl get pods -n shop -o custom-columns=NAME:.metadata.name,L:.metadata.labels,X:.foo --no-headers
    kubectl get deploy web -n shop -o custom-columns=NAME:metadata.name,R:{.spec.replicas},S:.spec.selector
    kubectl get clusterroles -o custom-columns=N:.metadata.name
    kubectl get pods -n nope -o custom-columns=N:.metadata.name
    kubectl get svc -n shop -o custom-columns=NAME:.metadata.name,PORTS:.spec.ports[*].port --sort-by=.metadata.name
    kubectl get pods -n shop -o go-template='{{range .items}}{{.metadata.name}} {{len .spec.containers}}{{"\\n"}}{{end}}'
    kubectl get pods -n shop -o go-template='{{range $i, $p := .items}}{{if eq $p.spec.nodeName "node-1"}}{{$i}}:{{$p.metadata.name}},{{else}}-{{end}}{{end}}'
    kubectl get pods -n shop -o go-template='{{(index .items 0).metadata.name | printf "%-40s|"}}'
    kubectl get svc web -n shop -o go-template='{{.spec.clusterIP}} {{index .spec.selector "app"}} {{.nope}}'
    kubectl get svc web -n shop --template '{{.metadata.name}}'
    kubectl api-resources -o name
    kubectl api-resources -o json
    kubectl api-versions
    kubectl config current-context
    kubectl config get-contexts -o name
    kubectl config view
    kubectl config view -o json
    kubectl config view --minify -o jsonpath={..namespace}
    kubectl config view -o jsonpath='{.contexts[*].name}'
    kubectl auth whoami -o jsonpath={.status.userInfo.groups}
    kubectl auth can-i list pods
    kubectl auth can-i get pods/redis-0 -n shop
    kubectl auth can-i create deployments.apps -n shop
    kubectl auth can-i get /healthz
    kubectl auth can-i '*' '*' -A
    kubectl auth can-i list pods --quiet
    kubectl explain pods
    kubectl explain pod.spec.containers
    kubectl explain pod.spec.containers.imagePullPolicy
    kubectl explain deployment.spec.strategy
    kubectl explain deploy.spec --recursive
    kubectl explain coupons
    kubectl explain coupons.spec
    kubectl explain hpa.spec
    kubectl explain hpa --api-version=autoscaling/v1
    kubectl explain deployment.spec.template.spec.volumes
    kubectl explain node
    kubectl get --raw /version
    kubectl get --raw /api/v1/namespaces/shop/services/web
    kubectl get pods -n shop | grep web
    kubectl get pods -n shop --no-headers | wc -l
    kubectl get pods -n shop -o name | sort -r | head -n 3
    kubectl get pods -n shop -o name | grep -v web | tail -2
    kubectl get pods -n shop -o name | grep -c web
    kubectl get pods -n shop | grep nothing-like-this
    kubectl get deploy -n shop -o name | sort | head -3 | tail -1
    kubectl get deploy web -n shop -o yaml | grep -A2 -i strategy
  `,
  ),
  ...cases(
    'words',
    `
    kubectl get pods -n shop -o jsonpath='{..image}'
    kubectl get svc web -n shop -o jsonpath='{.metadata.*}'
  `,
  ),
  {
    line: 'kubectl version -o json',
    differs: 'the client is this app and not kubectl; the server says the same',
  },
];
