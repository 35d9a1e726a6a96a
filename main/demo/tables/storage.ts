import type { Manifest, PersistentVolume, PersistentVolumeClaim } from '../kinds.ts';
import { age } from './cells.ts';
import type { Cell, Printer } from './cells.ts';

const shortModes: [string, string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** Access modes in their short forms and fixed order: `RWO,RWX`. */
export function accessModeText(modes: string[] | undefined): string {
  return shortModes
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function claim(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as PersistentVolumeClaim;
  const bound = Boolean(spec.volumeName);
  return [
    metadata.name,
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec.volumeName ?? '',
    bound ? (status?.capacity?.['storage'] ?? '0') : '',
    bound ? accessModeText(status?.accessModes) : '',
    spec.storageClassName ?? '',
    spec.volumeAttributesClassName ?? '<unset>',
    age(object, now),
    spec.volumeMode ?? '<unset>',
  ];
}

function volume(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as PersistentVolume;
  return [
    metadata.name,
    spec.capacity?.['storage'] ?? '0',
    accessModeText(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? '',
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '',
    spec.storageClassName ?? '',
    spec.volumeAttributesClassName ?? '<unset>',
    status?.reason ?? '',
    age(object, now),
    spec.volumeMode ?? '<unset>',
  ];
}

function storageClass(object: Manifest, now: number): Cell[] {
  const one = object as Manifest & {
    provisioner: string;
    reclaimPolicy?: string;
    volumeBindingMode?: string;
    allowVolumeExpansion?: boolean;
  };
  const isDefault = one.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  return [
    isDefault ? `${one.metadata.name} (default)` : one.metadata.name,
    one.provisioner,
    one.reclaimPolicy ?? 'Delete',
    one.volumeBindingMode ?? 'Immediate',
    one.allowVolumeExpansion ?? false,
    age(object, now),
  ];
}

function csiNode(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & { spec: { drivers?: unknown[] | null } };
  return [object.metadata.name, spec.drivers?.length ?? 0, age(object, now)];
}

function csiDriver(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & {
    spec: {
      attachRequired?: boolean;
      podInfoOnMount?: boolean;
      storageCapacity?: boolean;
      tokenRequests?: { audience: string }[];
      requiresRepublish?: boolean;
      volumeLifecycleModes?: string[];
    };
  };
  const audiences = (spec.tokenRequests ?? []).map((request) => request.audience);
  return [
    object.metadata.name,
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    audiences.length > 0 ? audiences.join(',') : '<unset>',
    spec.requiresRepublish ?? false,
    (spec.volumeLifecycleModes ?? ['<none>']).join(','),
    age(object, now),
  ];
}

/** Printers of storage, by list path. */
export const storagePrinters: Record<string, Printer> = {
  'api/v1/persistentvolumeclaims': claim,
  'api/v1/persistentvolumes': volume,
  'apis/storage.k8s.io/v1/storageclasses': storageClass,
  'apis/storage.k8s.io/v1/csinodes': csiNode,
  'apis/storage.k8s.io/v1/csidrivers': csiDriver,
};
