/** Decides by the stored Roles and bindings whether a user may do what a request asks. */
import type { User } from './auth.ts';
import { forbidden } from './errors.ts';
import type { ApiError } from './errors.ts';
import type { Manifest } from './kinds.ts';
import type { Store } from './store.ts';

/** What is asked for: of a resource, or of a path. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

export interface PathAttributes {
  verb: string;
  path: string;
}

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface Role extends Manifest {
  rules?: PolicyRule[];
}

interface Binding extends Manifest {
  subjects?: { kind: string; name: string; namespace?: string }[];
  roleRef: { kind: string; name: string };
}

const rbac = 'rbac.authorization.k8s.io';

function isBound(user: User, binding: Binding): boolean {
  return (binding.subjects ?? []).some((subject) => {
    if (subject.kind === 'User') return subject.name === user.name;
    if (subject.kind === 'Group') return user.groups.includes(subject.name);
    const namespace = subject.namespace ?? binding.metadata.namespace ?? '';
    return user.name === `system:serviceaccount:${namespace}:${subject.name}`;
  });
}

/** A rule and the binding that gives it, for the reason of an allowed review. */
export interface GrantedRule {
  rule: PolicyRule;
  because: string;
}

export class Authorizer {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Rules that bind `user` in `namespace` ('' for the cluster alone). */
  *rules(user: User, namespace: string): Generator<GrantedRule> {
    for (const binding of this.#store.list<Binding>(`clusterrolebindings.${rbac}`)) {
      if (!isBound(user, binding)) continue;
      const because = `RBAC: allowed by ClusterRoleBinding "${binding.metadata.name}" of ClusterRole "${binding.roleRef.name}" to ${subjectText(user, binding)}`;
      for (const rule of this.#role('', binding)) yield { rule, because };
    }
    if (!namespace) return;
    for (const binding of this.#store.list<Binding>(`rolebindings.${rbac}`, namespace)) {
      if (!isBound(user, binding)) continue;
      const because = `RBAC: allowed by RoleBinding "${binding.metadata.name}/${namespace}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subjectText(user, binding)}`;
      for (const rule of this.#role(namespace, binding)) yield { rule, because };
    }
  }

  /** Why the user may, or undefined. system:masters may everything. */
  allows(user: User, asked: ResourceAttributes | PathAttributes): string | undefined {
    if (user.groups.includes('system:masters')) return 'system:masters';
    const namespace = 'path' in asked ? '' : asked.namespace;
    for (const { rule, because } of this.rules(user, namespace)) {
      if ('path' in asked ? coversPath(rule, asked) : coversResource(rule, asked)) return because;
    }
    return undefined;
  }

  #role(namespace: string, binding: Binding): PolicyRule[] {
    const isCluster = binding.roleRef.kind === 'ClusterRole';
    const resource = isCluster ? `clusterroles.${rbac}` : `roles.${rbac}`;
    return this.#store.get<Role>(resource, isCluster ? '' : namespace, binding.roleRef.name)?.rules ?? [];
  }
}

function subjectText(user: User, binding: Binding): string {
  const found = (binding.subjects ?? []).find((subject) => isBound(user, { ...binding, subjects: [subject] }));
  const name = found?.kind === 'ServiceAccount' ? `${found.name}/${found.namespace ?? ''}` : found?.name;
  return `${found?.kind ?? ''} "${name ?? ''}"`;
}

function coversResource(rule: PolicyRule, asked: ResourceAttributes): boolean {
  const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource;
  const matches = (list: string[] | undefined, value: string): boolean =>
    !!list && (list.includes('*') || list.includes(value));
  return (
    matches(rule.verbs, asked.verb) &&
    matches(rule.apiGroups, asked.group) &&
    (matches(rule.resources, resource) ||
      (!!asked.subresource && !!rule.resources?.includes(`*/${asked.subresource}`))) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(asked.name))
  );
}

function coversPath(rule: PolicyRule, asked: PathAttributes): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(asked.verb)) return false;
  return (rule.nonResourceURLs ?? []).some((url) =>
    url.endsWith('*') ? asked.path.startsWith(url.slice(0, -1)) : url === asked.path,
  );
}

/** The refusal, in the real server's words. */
export function denial(user: User, asked: ResourceAttributes | PathAttributes): ApiError {
  if ('path' in asked) {
    const why = `User "${user.name}" cannot ${asked.verb} path "${asked.path}"`;
    const error = forbidden({ group: '', plural: '' }, '', why);
    error.status.message = `forbidden: ${why}`;
    error.status.details = {};
    return error;
  }
  const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource;
  const where = asked.namespace ? `in the namespace "${asked.namespace}"` : 'at the cluster scope';
  const why = `User "${user.name}" cannot ${asked.verb} resource "${resource}" in API group "${asked.group}" ${where}`;
  return forbidden({ group: asked.group, plural: asked.resource }, asked.name, why);
}
