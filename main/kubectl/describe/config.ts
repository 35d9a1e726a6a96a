/** Config maps, secrets (sizes only), service accounts, namespaces, quotas and limit ranges. */
import { at, listAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { byCodePoint, sortedKeys } from '../print/json.ts';
import { aboutObject, writeEvents, type Describer } from './around.ts';
import { timeText, type DescribeText } from './text.ts';

function head(object: Json, text: DescribeText): void {
  text
    .field(0, 'Name', textAt(object, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(object, 'metadata', 'namespace'));
  text
    .labels('Labels', at(object, 'metadata', 'labels'))
    .annotations('Annotations', at(object, 'metadata', 'annotations'));
}

export const describeConfigMap: Describer = async (map, around, text) => {
  head(map, text);
  text.write(0, '\nData\n====\n');
  const values = objectAt(map, 'data');
  for (const key of sortedKeys(values)) text.write(0, `${key}:\n----\n${textAt(values, key)}\n\n`);
  text.write(0, '\nBinaryData\n====\n');
  const binary = objectAt(map, 'binaryData');
  for (const key of sortedKeys(binary))
    text.write(0, `${key}: ${Buffer.from(textAt(binary, key), 'base64').length} bytes\n`);
  text.write(0, '\n');
  writeEvents(await around.events(aboutObject(map)), around.now, text);
};

/** Never a value: kubectl shows a service account's token here, this app does not. */
export const describeSecret: Describer = async (secret, _around, text) => {
  head(secret, text);
  text.write(0, `\nType:\t${textAt(secret, 'type')}\n\nData\n====\n`);
  const values = objectAt(secret, 'data');
  for (const key of sortedKeys(values))
    text.field(0, key, `${Buffer.from(textAt(values, key), 'base64').length} bytes`);
};

export const describeServiceAccount: Describer = async (account, around, text) => {
  head(account, text);
  const names = listAt(account, 'imagePullSecrets').map((one) => textAt(one, 'name'));
  const title = 'Image pull secrets:';
  if (names.length === 0) text.write(0, `${title}\t<none>\n`);
  names.forEach((name, index) => text.write(0, `${index === 0 ? title : ' '.repeat(title.length)}\t${name}\n`));
  writeEvents(await around.events(aboutObject(account)), around.now, text);
};

export const describeNamespace: Describer = async (namespace, around, text) => {
  const name = textAt(namespace, 'metadata', 'name');
  text.field(0, 'Name', name);
  text
    .labels('Labels', at(namespace, 'metadata', 'labels'))
    .annotations('Annotations', at(namespace, 'metadata', 'annotations'));
  text.field(0, 'Status', textAt(namespace, 'status', 'phase'));
  const conditions = listAt(namespace, 'status', 'conditions');
  if (conditions.length > 0) {
    text.write(
      0,
      'Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage\n  ----\t------\t------------------\t------\t-------\n',
    );
  }
  for (const one of conditions) {
    text.write(
      1,
      `${textAt(one, 'type')}\t${textAt(one, 'status')}\t${timeText(textAt(one, 'lastTransitionTime'))}\t${textAt(one, 'reason')}\t${textAt(one, 'message')}\n`,
    );
  }
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
  const [quotas, ranges] = await Promise.all([
    around.list(`${path}/resourcequotas`, ''),
    around.list(`${path}/limitranges`, ''),
  ]);
  text.write(0, '\n');
  writeQuotas(quotas, text);
  text.write(0, '\n');
  if (ranges.length === 0) text.write(0, 'No LimitRange resource.\n');
  else {
    text.write(
      0,
      'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n',
    );
    text.write(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n');
    for (const range of ranges) writeLimits(range, ' ', text);
  }
};

function writeQuotas(quotas: readonly Json[], text: DescribeText): void {
  if (quotas.length === 0) {
    text.write(0, 'No resource quota.\n');
    return;
  }
  text.write(0, 'Resource Quotas\n');
  for (const quota of [...quotas].sort((a, b) =>
    byCodePoint(textAt(a, 'metadata', 'name'), textAt(b, 'metadata', 'name')),
  )) {
    text.field(1, 'Name', textAt(quota, 'metadata', 'name'));
    writeScopes(quota, 1, text);
    text.write(1, 'Resource\tUsed\tHard\n').write(1, '--------\t---\t---\n');
    const hard = objectAt(quota, 'status', 'hard');
    for (const name of sortedKeys(hard))
      text.write(1, `${name}\t${textAt(quota, 'status', 'used', name) || '0'}\t${textAt(hard, name)}\n`);
  }
}

function writeScopes(quota: Json, level: number, text: DescribeText): void {
  const scopes = listAt(quota, 'spec', 'scopes').map(String).sort();
  if (scopes.length > 0) text.field(level, 'Scopes', scopes.join(', '));
}

export const describeQuota: Describer = async (quota, _around, text) => {
  text
    .field(0, 'Name', textAt(quota, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(quota, 'metadata', 'namespace'));
  writeScopes(quota, 0, text);
  text.write(0, 'Resource\tUsed\tHard\n--------\t----\t----\n');
  const hard = objectAt(quota, 'status', 'hard');
  for (const name of sortedKeys(hard))
    text.write(0, `${name}\t${textAt(quota, 'status', 'used', name) || '0'}\t${textAt(hard, name)}\n`);
};

export const describeLimitRange: Describer = async (range, _around, text) => {
  text
    .field(0, 'Name', textAt(range, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(range, 'metadata', 'namespace'));
  text.write(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n');
  text.write(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n');
  writeLimits(range, '', text);
};

function writeLimits(range: Json, prefix: string, text: DescribeText): void {
  const kinds = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];
  for (const limit of listAt(range, 'spec', 'limits')) {
    const names = new Set(kinds.flatMap((kind) => sortedKeys(objectAt(limit, kind))));
    for (const name of [...names].sort()) {
      const cells = kinds.map((kind) => textAt(limit, kind, name) || '-');
      text.write(0, `${prefix}${textAt(limit, 'type')}\t${name}\t${cells.join('\t')}\n`);
    }
  }
}
