import type { ApiResource } from '../../clusters/cluster-access.ts';
import type { Describer } from './around.ts';
import {
  describeConfigMap,
  describeLimitRange,
  describeNamespace,
  describeQuota,
  describeSecret,
  describeServiceAccount,
} from './config.ts';
import { describeAny } from './generic.ts';
import { describeEndpointSlice, describeIngress, describeService } from './network.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describeAutoscaler, describeBinding, describeBudget, describePriorityClass, describeRole } from './policy.ts';
import { describeClaim, describeStorageClass, describeVolume } from './storage.ts';
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describeReplicaSet,
  describeStatefulSet,
} from './workloads.ts';

const known: ReadonlyMap<string, Describer> = new Map<string, Describer>([
  ['/Pod', describePod],
  ['/Service', describeService],
  ['/ConfigMap', describeConfigMap],
  ['/Secret', describeSecret],
  ['/ServiceAccount', describeServiceAccount],
  ['/Namespace', describeNamespace],
  ['/ResourceQuota', describeQuota],
  ['/LimitRange', describeLimitRange],
  ['/Node', describeNode],
  ['/PersistentVolumeClaim', describeClaim],
  ['/PersistentVolume', describeVolume],
  ['apps/Deployment', describeDeployment],
  ['apps/ReplicaSet', describeReplicaSet],
  ['apps/StatefulSet', describeStatefulSet],
  ['apps/DaemonSet', describeDaemonSet],
  ['batch/Job', describeJob],
  ['batch/CronJob', describeCronJob],
  ['autoscaling/HorizontalPodAutoscaler', describeAutoscaler],
  ['policy/PodDisruptionBudget', describeBudget],
  ['networking.k8s.io/Ingress', describeIngress],
  ['discovery.k8s.io/EndpointSlice', describeEndpointSlice],
  ['storage.k8s.io/StorageClass', describeStorageClass],
  ['scheduling.k8s.io/PriorityClass', describePriorityClass],
  ['rbac.authorization.k8s.io/Role', describeRole],
  ['rbac.authorization.k8s.io/ClusterRole', describeRole],
  ['rbac.authorization.k8s.io/RoleBinding', describeBinding],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', describeBinding],
]);

/** The one of its kind, or the one for all kinds. */
export function describerOf({ group, kind }: ApiResource): Describer {
  return known.get(`${group}/${kind}`) ?? describeAny;
}
