import type { Cause } from '../errors.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
  "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** Kinds whose names may hold what a path segment may. */
const pathNamed = new Set(
  ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map(
    (plural) => `${plural}.rbac.authorization.k8s.io`,
  ),
);
/** Kinds whose names are DNS labels. */
const labelNamed = new Set(['namespaces', 'services']);

export function invalidValue(field: string, value: unknown, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function required(field: string, why = ''): Cause {
  return { reason: 'FieldValueRequired', message: why ? `Required value: ${why}` : 'Required value', field };
}

export function unsupported(field: string, value: unknown, supported: string[]): Cause {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
}

/** What is wrong with an object's own name. */
export function nameCauses(storage: string, name: string): Cause[] {
  if (!name) return [required('metadata.name', 'name or generateName is required')];
  if (pathNamed.has(storage))
    return /[/%]/.test(name) || name === '.' || name === '..'
      ? [invalidValue('metadata.name', name, "may not contain '/'")]
      : [];
  const isLabel = labelNamed.has(storage);
  if (isLabel ? label.test(name) && name.length <= 63 : subdomain.test(name) && name.length <= 253) return [];
  if (name.length > (isLabel ? 63 : 253))
    return [invalidValue('metadata.name', name, `must be no more than ${isLabel ? '63' : '253'} bytes`)];
  return [invalidValue('metadata.name', name, isLabel ? labelRule : subdomainRule)];
}

const qualifiedRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function isQualified(key: string): boolean {
  const [first = '', second, ...more] = key.split('/');
  if (more.length) return false;
  const part = second ?? first;
  return qualifiedPart.test(part) && part.length <= 63 && (second === undefined || subdomain.test(first));
}

/** What is wrong with labels and annotations. */
export function metadataCauses(
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
  field = 'metadata',
): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels)) {
    if (!isQualified(key)) causes.push(invalidValue(`${field}.labels`, key, qualifiedRule));
    if (value.length > 63) causes.push(invalidValue(`${field}.labels`, value, 'must be no more than 63 bytes'));
    else if (!labelValue.test(value)) causes.push(invalidValue(`${field}.labels`, value, valueRule));
  }
  for (const key of Object.keys(annotations)) {
    if (!isQualified(key.toLowerCase())) causes.push(invalidValue(`${field}.annotations`, key, qualifiedRule));
  }
  return causes;
}
