import { describe, expect, it } from 'vitest';
import { classify } from '../../../../main/gate/classify.ts';
import { readPath } from '../../../../main/gate/path.ts';

const ns = '/api/v1/namespaces/shop';
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';

describe('classify', () => {
  it.each([
    ['GET', '/api', '', 'discovery'],
    ['GET', '/apis/apps/v1', '', 'discovery'],
    ['GET', '/openapi/v3/apis/apps/v1', 'hash=AB', 'discovery'],
    ['GET', '/readyz/etcd', 'verbose', 'discovery'],
    ['GET', '/api/v1/pods', '', 'list'],
    ['GET', '/api/v1/pods/', '', 'list'],
    ['GET', `${ns}/pods`, 'watch=false', 'list'],
    ['GET', `${ns}/pods`, 'watch', 'watch'],
    ['GET', `${ns}/pods/web`, 'watch=1', 'get'],
    ['GET', ns, '', 'get'],
    ['GET', `${ns}/status`, '', 'get'],
    ['GET', '/api/v1/namespaces', '', 'list'],
    ['GET', `${ns}/pods/web/log`, 'tailLines=1', 'log'],
    ['GET', `${ns}/pods/web/log`, 'follow=yes', 'follow'],
    ['GET', `${ns}/pods/web/log`, 'follow=0', 'log'],
    ['GET', `${ns}/pods/web/exec`, 'command=id', 'stream'],
    ['GET', `${ns}/services/http:web:80/proxy/a/b`, 'x=1', 'stream'],
    ['GET', '/api/v1/nodes/n/proxy/stats/summary', '', 'node-read'],
    ['GET', '/api/v1/nodes/n/proxy/logs/', 'query=kubelet', 'node-read'],
    ['POST', '/api/v1/nodes/n/proxy/stats/summary', '', 'stream'],
    ['GET', '/api/v1/nodes/n/proxy/stats/summary/', '', 'stream'],
    ['GET', '/api/v1/nodes/n/proxy/logs/kubelet.log', '', 'stream'],
    ['GET', '/apis/example.com/v1/nodes/n/proxy/stats/summary', '', 'stream'],
    ['POST', `${ns}/serviceaccounts/a/token`, '', 'token'],
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '', 'review'],
    ['POST', `${ns}/pods`, '', 'create'],
    ['POST', `${ns}/pods/web/eviction`, '', 'create'],
    ['PUT', deployment, '', 'update'],
    ['PATCH', `${deployment}/scale`, 'fieldManager=a&force=true', 'patch'],
    ['DELETE', deployment, 'gracePeriodSeconds=0', 'delete'],
    ['DELETE', `${ns}/pods`, 'labelSelector=a%3Db', 'deletecollection'],
    ['DELETE', `${ns}/pods/`, '', 'deletecollection'],
    ['DELETE', ns, '', 'delete'],
    ['PUT', `${ns}/finalize`, '', 'update'],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node', '', 'get'],
  ])('knows that %s %s?%s is %s', (method, path, query, action) => {
    expect(classify(method, path, query).action).toBe(action);
  });

  it.each([
    ['POST', '/version', ''],
    ['PUT', '/debug/flags/v', ''],
    ['GET', '/metrics', ''],
    ['GET', '/api/v2/pods', ''],
    ['GET', '/apis/apps/v1/namespaces/shop', ''],
    ['GET', `${ns}/pods/web/unknown`, ''],
    ['DELETE', `${deployment}/scale`, ''],
    ['PATCH', `${ns}/pods`, ''],
    ['POST', deployment, ''],
    ['GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ''],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews', ''],
    ['GET', `${ns}/pods/web/log/more`, ''],
    ['GET', `${ns}/pods`, 'dryRun=All'],
    ['POST', `${ns}/pods`, 'labelSelector=a'],
    ['GET', `${ns}/pods/web/log`, 'insecureSkipTLSVerifyBackend=true'],
    ['DELETE', deployment, 'ignoreStoreReadErrorWithClusterBreakingPotential=true'],
  ])('refuses %s %s?%s', (method, path, query) => {
    expect(() => classify(method, path, query)).toThrow();
  });

  it('names what a path is about', () => {
    expect(readPath(`${deployment}/scale`).target).toEqual({
      group: 'apps',
      version: 'v1',
      namespace: 'shop',
      resource: 'deployments',
      name: 'web',
      subresource: 'scale',
    });
    expect(readPath(ns).target).toMatchObject({ resource: 'namespaces', name: 'shop', namespace: null });
    expect(readPath('/api/v1/namespaces/shop/status/x').target).toMatchObject({
      namespace: 'shop',
      resource: 'status',
      name: 'x',
    });
  });

  it('writes one canonical path for all ways to say it', () => {
    expect(readPath('/api/v1/namespaces/sh%6Fp/pods/').path).toBe(`${ns}/pods`);
    expect(readPath('/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode').path).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node',
    );
  });
});
