/** Access reviews: what a user may, asked by the user or about another. */
import { decodeBody } from './body.ts';
import { timestamp } from './clock.ts';
import { toVersion } from './convert.ts';
import type { User } from './auth.ts';
import type { Call, Cluster } from './context.ts';
import type { ResourceDefinition } from './definitions.ts';
import { apiVersionOf } from './definitions.ts';
import { invalid } from './errors.ts';
import { writeOptions } from './options.ts';
import type { PathAttributes, ResourceAttributes } from './rbac.ts';

type Json = Record<string, unknown>;

interface ReviewSpec {
  resourceAttributes?: Partial<ResourceAttributes> & { version?: string };
  nonResourceAttributes?: Partial<PathAttributes>;
  user?: string;
  groups?: string[];
  namespace?: string;
  token?: string;
}

export function isReview({ group, plural }: ResourceDefinition): boolean {
  return (group === 'authorization.k8s.io' || group === 'authentication.k8s.io') && plural.endsWith('reviews');
}

function askedOf(spec: ReviewSpec): ResourceAttributes | PathAttributes {
  const { nonResourceAttributes: path, resourceAttributes } = spec;
  if (path) return { verb: path.verb ?? '', path: path.path ?? '' };
  const {
    verb = '',
    group = '',
    resource = '',
    subresource = '',
    namespace = '',
    name = '',
  } = resourceAttributes ?? {};
  return { verb, group, resource, subresource, namespace, name };
}

function access(cluster: Cluster, user: User, spec: ReviewSpec): Json {
  const reason = cluster.authorizer.allows(user, askedOf(spec));
  if (reason === undefined) return { allowed: false };
  return reason === 'system:masters' ? { allowed: true } : { allowed: true, reason };
}

function rules(cluster: Cluster, user: User, namespace: string): Json {
  const granted = [...cluster.authorizer.rules(user, namespace)].map(({ rule }) => rule);
  return {
    resourceRules: granted
      .filter((rule) => rule.resources)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames ? { resourceNames } : {}),
      })),
    nonResourceRules: granted
      .filter((rule) => rule.nonResourceURLs)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function userInfo({ name, groups, uid, extra }: User): Json {
  return { username: name, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) };
}

function statusOf(cluster: Cluster, call: Call, spec: ReviewSpec): Json {
  const { user, definition, path } = call;
  switch (definition.kind) {
    case 'SelfSubjectReview':
      return { userInfo: userInfo(user) };
    case 'SelfSubjectRulesReview':
      return rules(cluster, user, spec.namespace ?? '');
    case 'TokenReview': {
      const found = cluster.tokens.find(spec.token ?? '', cluster.store.now());
      return found
        ? { authenticated: true, user: userInfo({ ...found, groups: [...found.groups, 'system:authenticated'] }) }
        : { user: {}, error: 'invalid bearer token' };
    }
    case 'SelfSubjectAccessReview':
      return access(cluster, user, spec);
    default: {
      const asked = { name: spec.user ?? '', groups: spec.groups ?? [] };
      const resourceAttributes = path.namespace
        ? { ...spec.resourceAttributes, namespace: path.namespace }
        : spec.resourceAttributes;
      return access(cluster, asked, { ...spec, ...(resourceAttributes ? { resourceAttributes } : {}) });
    }
  }
}

/** @throws ApiError 400, 422 for a review that asks nothing. */
export function answerReview(cluster: Cluster, call: Call): void {
  const { definition, answer, headers, body } = call;
  writeOptions(call.query, 'CreateOptions', headers['user-agent']);
  const { value } = decodeBody(body, headers['content-type'], definition.kind);
  const spec = (value['spec'] ?? {}) as ReviewSpec;
  if (definition.kind.endsWith('AccessReview') && !spec.resourceAttributes === !spec.nonResourceAttributes) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid(definition, '', [{ reason: 'FieldValueInvalid', message, field: 'spec.resourceAttributes' }]);
  }
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = value;
  const review = {
    kind: definition.kind,
    apiVersion: apiVersionOf(definition),
    metadata: definition.kind === 'SelfSubjectReview' ? { creationTimestamp: timestamp(cluster.store.now()) } : {},
    ...rest,
    ...(definition.kind === 'SelfSubjectRulesReview' ? { spec: {} } : {}),
    status: statusOf(cluster, call, spec),
  };
  answer.object(201, toVersion(definition, review as never));
}
