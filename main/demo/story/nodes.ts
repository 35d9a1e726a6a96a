import { timestamp } from '../clock.ts';
import type { Manifest, Node } from '../kinds.ts';
import { hexId } from '../kubelet/container.ts';

/** A node of the demo with its four healthy conditions. `index` from 1; `at` is when it joined, epoch milliseconds. */
export function demoNode(index: number, at: number, size: { cpu: number; memoryGibibytes: number }): Node {
  const name = `demo-node-${String(index)}`;
  const since = timestamp(at);
  const condition = (
    type: string,
    status: string,
    reason: string,
    message: string,
  ): Node['status']['conditions'][number] => ({
    type,
    status,
    lastHeartbeatTime: since,
    lastTransitionTime: since,
    reason,
    message,
  });
  const memory = `${String(size.memoryGibibytes * 1024 * 1024)}Ki`;
  const allocatable = `${String(size.memoryGibibytes * 1024 * 1024 - 524_288)}Ki`;
  const shared = {
    cpu: String(size.cpu),
    'ephemeral-storage': '82045336Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    pods: '110',
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'demo.ai4k8s/demo': 'true',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(index === 1 ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
        'topology.kubernetes.io/zone': `demo-${'abc'.charAt(index % 3)}`,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'demo.ai4k8s/story': 'a node that exists only in the demo' },
    },
    spec: { podCIDR: cidr(index), podCIDRs: [cidr(index)], providerID: `demo://${name}` },
    status: {
      addresses: [
        { type: 'InternalIP', address: `10.20.${String(index >> 8)}.${String(index & 255)}` },
        { type: 'Hostname', address: name },
      ],
      allocatable: { ...shared, memory: allocatable },
      capacity: { ...shared, memory },
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: hexId(`${name}/boot`).slice(0, 32),
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.12.0-demo',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.36.3',
        machineID: hexId(`${name}/machine`).slice(0, 32),
        operatingSystem: 'linux',
        osImage: 'AI4K8s demo node',
        systemUUID: hexId(`${name}/system`).slice(0, 32),
      },
    },
  };
}

function cidr(index: number): string {
  return `10.${String(244 + (index >> 8))}.${String(index & 255)}.0/24`;
}

export function storageClasses(): Manifest[] {
  const one = (name: string, isDefault: boolean, volumeBindingMode: string): Manifest =>
    ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name,
        ...(isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}),
      },
      provisioner: 'demo.csi.ai4k8s',
      reclaimPolicy: 'Delete',
      volumeBindingMode,
      allowVolumeExpansion: true,
    }) as Manifest;
  return [one('standard', true, 'WaitForFirstConsumer'), one('immediate', false, 'Immediate')];
}
