/** Volumes of a pod, and the sources of persistent volumes. */
import { at, isObject, listAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { sortedKeys } from '../print/json.ts';
import { shown, type DescribeText } from './text.ts';

export function writeVolumes(volumes: readonly Json[], text: DescribeText, space = ''): void {
  if (volumes.length === 0) {
    text.write(0, `${space}Volumes:\t<none>\n`);
    return;
  }
  text.write(0, `${space}Volumes:\n`);
  for (const volume of volumes) {
    text.write(1, `${space === '' ? '' : ' '}${textAt(volume, 'name')}:\n`);
    writeSource(volume, text);
  }
}

interface SourceKind {
  readonly type: string;
  /** Title and the field's name; the default where the field is not there. */
  readonly fields: readonly (readonly [title: string, key: string, fallback?: string])[];
}

const sources: Record<string, SourceKind> = {
  hostPath: {
    type: 'HostPath (bare host directory volume)',
    fields: [
      ['Path', 'path'],
      ['HostPathType', 'type', '<none>'],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: [
      ['Medium', 'medium'],
      ['SizeLimit', 'sizeLimit', '<unset>'],
    ],
  },
  secret: {
    type: 'Secret (a volume populated by a Secret)',
    fields: [
      ['SecretName', 'secretName'],
      ['Optional', 'optional', 'false'],
    ],
  },
  configMap: {
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    fields: [
      ['Name', 'name'],
      ['Optional', 'optional', 'false'],
    ],
  },
  nfs: {
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    fields: [
      ['Server', 'server'],
      ['Path', 'path'],
      ['ReadOnly', 'readOnly', 'false'],
    ],
  },
  persistentVolumeClaim: {
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    fields: [
      ['ClaimName', 'claimName'],
      ['ReadOnly', 'readOnly', 'false'],
    ],
  },
  image: {
    type: 'Image (a container image or OCI artifact)',
    fields: [
      ['Reference', 'reference'],
      ['PullPolicy', 'pullPolicy'],
    ],
  },
  local: {
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    fields: [['Path', 'path']],
  },
};

/** One source, found by its key; `<unknown>` for the kinds of single vendors. */
export function writeSource(volume: Json, text: DescribeText): void {
  for (const [key, { type, fields }] of Object.entries(sources)) {
    const source = at(volume, key);
    if (!isObject(source)) continue;
    text.field(2, 'Type', type);
    for (const [title, name, fallback = ''] of fields)
      text.write(0, `    ${title}:\t${shown(source[name]) || fallback}\n`);
    return;
  }
  const [projected, downward, ephemeral, csi] = ['projected', 'downwardAPI', 'ephemeral', 'csi'].map((key) =>
    at(volume, key),
  );
  if (isObject(projected)) writeProjected(projected, text);
  else if (isObject(downward)) writeDownward(downward, text);
  else if (isObject(csi)) writeCsi(csi, text);
  else if (isObject(ephemeral)) {
    text.field(
      2,
      'Type',
      'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    );
  } else text.write(1, '<unknown>\n');
}

function writeProjected(projected: Json, text: DescribeText): void {
  text.field(2, 'Type', 'Projected (a volume that contains injected data from multiple sources)');
  for (const source of listAt(projected, 'sources')) {
    const [secret, config, downward, token] = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'].map((key) =>
      at(source, key),
    );
    if (isObject(secret)) writeProjectedName('SecretName', secret, text);
    else if (isObject(downward)) text.field(2, 'DownwardAPI', 'true');
    else if (isObject(config)) writeProjectedName('ConfigMapName', config, text);
    else if (isObject(token)) text.field(2, 'TokenExpirationSeconds', textAt(token, 'expirationSeconds'));
  }
}

function writeProjectedName(title: string, source: Json, text: DescribeText): void {
  text.field(2, title, textAt(source, 'name')).write(0, `    Optional:\t${textAt(source, 'optional') === 'true'}\n`);
}

function writeDownward(downward: Json, text: DescribeText): void {
  text.write(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n');
  for (const item of listAt(downward, 'items')) {
    const from = textAt(item, 'fieldRef', 'fieldPath') || textAt(item, 'resourceFieldRef', 'resource');
    text.write(3, `${from} -> ${textAt(item, 'path')}\n`);
  }
}

function writeCsi(csi: Json, text: DescribeText): void {
  text.write(2, 'Type:\tCSI (a Container Storage Interface (CSI) volume source)\n');
  text.write(0, `    Driver:\t${textAt(csi, 'driver')}\n    FSType:\t${textAt(csi, 'fsType')}\n`);
  if (textAt(csi, 'volumeHandle') !== '') text.write(0, `    VolumeHandle:\t${textAt(csi, 'volumeHandle')}\n`);
  text.write(0, `    ReadOnly:\t${textAt(csi, 'readOnly') === 'true'}\n`);
  const attributes = objectAt(csi, 'volumeAttributes');
  const keys = sortedKeys(attributes);
  text.write(2, `VolumeAttributes:\t${keys.length === 0 ? '<none>\n' : ''}`);
  keys.forEach((key, index) =>
    text.write(index === 0 ? 0 : 2, `${index === 0 ? '' : '\t'}${key}=${shown(attributes[key])}\n`),
  );
}
