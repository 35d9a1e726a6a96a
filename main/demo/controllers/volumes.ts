import type { Manifest, PersistentVolume, PersistentVolumeClaim, Pod } from '../kinds.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';

interface StorageClass extends Manifest {
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
}

const resource = 'persistentvolumeclaims';
const protection = 'kubernetes.io/pvc-protection';

/** Makes a volume for each claim whose StorageClass exists, when it is wanted, and releases it after the claim. */
export function startVolumes(world: World): Controller {
  const { store } = world;
  const controller = startController(world, {
    resource,
    kind: 'PersistentVolumeClaim',
    owned: [],
    reconcile: (namespace, name, again) => {
      const claim = store.get<PersistentVolumeClaim>(resource, namespace, name);
      if (!claim) {
        reclaim(world, namespace, name);
        return;
      }
      if (claim.metadata.deletionTimestamp) unprotect(world, claim, again);
      else if (claim.status?.phase !== 'Bound') bind(world, claim);
    },
  });
  const end = store.subscribe(({ object }) => {
    for (const { persistentVolumeClaim } of (object as Pod).spec.volumes ?? []) {
      if (persistentVolumeClaim) controller.again(object.metadata.namespace, persistentVolumeClaim.claimName);
    }
  }, 'pods');
  return {
    close: () => {
      end();
      controller.close();
    },
  };
}

function usersOf({ store }: World, { metadata }: PersistentVolumeClaim): Pod[] {
  return store
    .list<Pod>('pods', metadata.namespace)
    .filter((pod) => pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name));
}

function bind(world: World, claim: PersistentVolumeClaim): void {
  const { store, events } = world;
  const { namespace = '', name, uid = '' } = claim.metadata;
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
    events.record(claim, 'PersistentVolumeClaim', 'v1', {
      type,
      reason,
      message,
      component: 'persistentvolume-controller',
    });
  };
  const className = claim.spec.storageClassName ?? '';
  const storageClass = store.get<StorageClass>('storageclasses.storage.k8s.io', '', className);
  if (!storageClass) {
    say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
    return;
  }
  const isWaiting = storageClass.volumeBindingMode === 'WaitForFirstConsumer';
  if (isWaiting && !usersOf(world, claim).some((pod) => pod.spec.nodeName)) {
    say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const volumeName = `pvc-${uid}`;
  const storage = claim.spec.resources?.requests?.['storage'] ?? '1Gi';
  store.create<PersistentVolume>('persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner } },
    spec: {
      capacity: { storage },
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1' },
      storageClassName: className,
      volumeMode: 'Filesystem',
      csi: { driver: storageClass.provisioner, volumeHandle: volumeName },
    },
    status: { phase: 'Bound' },
  });
  store.modify<PersistentVolumeClaim>(resource, namespace, name, (copy) => {
    copy.spec.volumeName = volumeName;
    copy.metadata.annotations = {
      ...copy.metadata.annotations,
      'pv.kubernetes.io/bind-completed': 'yes',
      'volume.kubernetes.io/storage-provisioner': storageClass.provisioner,
    };
    copy.status = { phase: 'Bound', accessModes: claim.spec.accessModes ?? [], capacity: { storage } };
    return copy;
  });
  say('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`);
}

/** A claim stays while a pod uses it. */
function unprotect(world: World, claim: PersistentVolumeClaim, again: (delayMs: number) => void): void {
  if (usersOf(world, claim).length > 0) {
    again(2000);
    return;
  }
  world.store.modify(resource, claim.metadata.namespace ?? '', claim.metadata.name, (copy) => {
    copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((one) => one !== protection);
    return copy;
  });
}

function reclaim({ store }: World, namespace: string, name: string): void {
  for (const volume of store.list<PersistentVolume>('persistentvolumes')) {
    const { claimRef } = volume.spec;
    if (claimRef?.namespace !== namespace || claimRef.name !== name) continue;
    if (volume.spec.persistentVolumeReclaimPolicy === 'Delete')
      store.remove('persistentvolumes', '', volume.metadata.name);
    else
      store.modify<PersistentVolume>('persistentvolumes', '', volume.metadata.name, (copy) => ({
        ...copy,
        status: { phase: 'Released' },
      }));
  }
}
