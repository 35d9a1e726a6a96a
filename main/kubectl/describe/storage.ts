/** Persistent volumes, their claims and storage classes. */
import { at, isObject, listAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { labelText } from '../print/table.ts';
import { aboutObject, lasting, writeEvents, type Describer } from './around.ts';
import { timeText, type DescribeText } from './text.ts';
import { writeSource } from './volumes.ts';

const modes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX`, in kubectl's order. */
function accessModes(list: readonly Json[]): string {
  const given = list.map(String);
  return Object.keys(modes)
    .filter((mode) => given.includes(mode))
    .map((mode) => modes[mode])
    .join(',');
}

function finalizers(object: Json): string {
  return `[${listAt(object, 'metadata', 'finalizers').map(String).join(' ')}]`;
}

export const describeClaim: Describer = async (claim, around, text) => {
  const spec = (key: string): string => textAt(claim, 'spec', key);
  const namespace = textAt(claim, 'metadata', 'namespace');
  const name = textAt(claim, 'metadata', 'name');
  text.field(0, 'Name', name).field(0, 'Namespace', namespace);
  text.field(
    0,
    'StorageClass',
    textAt(claim, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class') || spec('storageClassName'),
  );
  text
    .field(0, 'Status', lasting(claim, around.now) ?? textAt(claim, 'status', 'phase'))
    .field(0, 'Volume', spec('volumeName'));
  text
    .labels('Labels', at(claim, 'metadata', 'labels'))
    .annotations('Annotations', at(claim, 'metadata', 'annotations'));
  text.field(0, 'Finalizers', finalizers(claim));
  const isBound = spec('volumeName') !== '';
  text.field(0, 'Capacity', isBound ? textAt(claim, 'status', 'capacity', 'storage') || '0' : '');
  text.field(0, 'Access Modes', isBound ? accessModes(listAt(claim, 'status', 'accessModes')) : '');
  if (spec('volumeMode') !== '') text.field(0, 'VolumeMode', spec('volumeMode'));
  const source = at(claim, 'spec', 'dataSource');
  if (isObject(source)) {
    text.write(0, 'DataSource:\n');
    if (textAt(source, 'apiGroup') !== '') text.field(1, 'APIGroup', textAt(source, 'apiGroup'));
    text.field(1, 'Kind', textAt(source, 'kind')).field(1, 'Name', textAt(source, 'name'));
  }
  const pods = (await around.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, '')).filter((pod) =>
    listAt(pod, 'spec', 'volumes').some((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') === name),
  );
  text.write(
    0,
    `Used By:\t${pods.length === 0 ? '<none>\n' : pods.map((pod) => `${textAt(pod, 'metadata', 'name')}\n`).join('\t')}`,
  );
  writeConditions(listAt(claim, 'status', 'conditions'), text);
  writeEvents(await around.events(aboutObject(claim)), around.now, text);
};

function writeConditions(conditions: readonly Json[], text: DescribeText): void {
  if (conditions.length === 0) return;
  text.write(0, 'Conditions:\n  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage\n');
  text.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
  for (const one of conditions) {
    const times = ['lastProbeTime', 'lastTransitionTime'].map((key) => timeText(textAt(one, key)));
    text.write(
      1,
      `${textAt(one, 'type')} \t${textAt(one, 'status')} \t${times.join(' \t')} \t${textAt(one, 'reason')} \t${textAt(one, 'message')}\n`,
    );
  }
}

export const describeVolume: Describer = async (volume, around, text) => {
  const spec = (key: string): string => textAt(volume, 'spec', key);
  text.field(0, 'Name', textAt(volume, 'metadata', 'name'));
  text
    .labels('Labels', at(volume, 'metadata', 'labels'))
    .annotations('Annotations', at(volume, 'metadata', 'annotations'));
  text.field(0, 'Finalizers', finalizers(volume)).field(0, 'StorageClass', spec('storageClassName'));
  text.field(0, 'Status', lasting(volume, around.now) ?? textAt(volume, 'status', 'phase'));
  const claim = at(volume, 'spec', 'claimRef');
  text.field(0, 'Claim', isObject(claim) ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : '');
  text.field(0, 'Reclaim Policy', spec('persistentVolumeReclaimPolicy'));
  text.field(0, 'Access Modes', accessModes(listAt(volume, 'spec', 'accessModes')));
  if (spec('volumeMode') !== '') text.field(0, 'VolumeMode', spec('volumeMode'));
  text.field(0, 'Capacity', textAt(volume, 'spec', 'capacity', 'storage') || '0');
  writeAffinity(at(volume, 'spec', 'nodeAffinity', 'required'), text);
  text.field(0, 'Message', textAt(volume, 'status', 'message')).write(0, 'Source:\n');
  writeSource(at(volume, 'spec') ?? null, text);
  writeEvents(await around.events(aboutObject(volume)), around.now, text);
};

function writeAffinity(required: Json | undefined, text: DescribeText): void {
  if (!isObject(required)) {
    text.write(0, 'Node Affinity:\t<none>\n');
    return;
  }
  const terms = listAt(required, 'nodeSelectorTerms');
  text.write(0, 'Node Affinity:\t\n').write(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}\n`);
  terms.forEach((term, index) => {
    const lines = listAt(term, 'matchExpressions').map((one) => {
      const values = listAt(one, 'values').map(String).join(', ');
      const operator = textAt(one, 'operator').toLowerCase();
      return `${textAt(one, 'key')} ${operator}${values === '' ? '' : ` [${values}]`}\n`;
    });
    text.write(2, `Term ${index}:\t${lines.length === 0 ? '<none>\n' : lines.join('    \t')}`);
  });
}

export const describeStorageClass: Describer = async (storage, around, text) => {
  const isDefault =
    textAt(storage, 'metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true';
  text.field(0, 'Name', textAt(storage, 'metadata', 'name')).field(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No');
  text.field(0, 'Annotations', labelText(objectAt(storage, 'metadata', 'annotations') as Record<string, string>));
  text.field(0, 'Provisioner', textAt(storage, 'provisioner'));
  text.field(0, 'Parameters', labelText(objectAt(storage, 'parameters') as Record<string, string>));
  const expands = textAt(storage, 'allowVolumeExpansion');
  text.field(0, 'AllowVolumeExpansion', expands === '' ? '<unset>' : expands === 'true' ? 'True' : 'False');
  const options = listAt(storage, 'mountOptions');
  text.write(0, options.length === 0 ? 'MountOptions:\t<none>\n' : 'MountOptions:\n');
  for (const option of options) text.write(1, `${String(option)}\n`);
  if (textAt(storage, 'reclaimPolicy') !== '') text.field(0, 'ReclaimPolicy', textAt(storage, 'reclaimPolicy'));
  if (textAt(storage, 'volumeBindingMode') !== '')
    text.field(0, 'VolumeBindingMode', textAt(storage, 'volumeBindingMode'));
  writeEvents(await around.events(aboutObject(storage)), around.now, text);
};
