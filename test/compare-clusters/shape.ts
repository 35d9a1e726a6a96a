/**
 * What two answers must have in common: not values, but keys and types. Maps with free keys (labels, data) count as one
 * key, and all elements of a list as one.
 */

/** Types by path, such as `items[].metadata.name` → `string`. */
export type Shape = Map<string, Set<string>>;

const freeMaps =
  /(^|\.)(labels|annotations|data|binaryData|stringData|matchLabels|fieldsV1|nodeSelector|requests|limits|hard|used|capacity|allocatable|allocatedResources|properties|schemas|paths|components|selector|usage|default|Fields)$/;

export function shapeOf(value: unknown): Shape {
  const shape: Shape = new Map();
  collect(value, '', shape);
  return shape;
}

function collect(value: unknown, path: string, shape: Shape): void {
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
  if (!shape.has(path)) shape.set(path, new Set());
  shape.get(path)?.add(type);
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, shape);
  else if (value !== null && typeof value === 'object' && !(freeMaps.test(path) && isPlainMap(value))) {
    for (const [key, inner] of Object.entries(value)) collect(inner, path === '' ? key : `${path}.${key}`, shape);
  }
}

/** A map whose keys are data: its values are texts, or the path says so wherever it stands. */
function isPlainMap(value: object): boolean {
  return Object.values(value).every((one) => typeof one === 'string') || !('matchLabels' in value || 'cpu' in value);
}

/** Where two shapes differ: `only real`, `only demo`, or other types. */
export function shapeDifferences(real: Shape, demo: Shape): { path: string; what: string }[] {
  const differences: { path: string; what: string }[] = [];
  for (const [path, types] of real) {
    const other = demo.get(path);
    if (!other) differences.push({ path, what: 'only on the real cluster' });
    else if (![...types].some((type) => other.has(type)) || ![...other].some((type) => types.has(type))) {
      differences.push({
        path,
        what: `${[...types].join('/')} on the real cluster, ${[...other].join('/')} on the demo`,
      });
    }
  }
  for (const path of demo.keys()) if (!real.has(path)) differences.push({ path, what: 'only on the demo' });
  // A missing object's members say nothing new.
  return differences.filter(({ path }) => !differences.some((one) => path !== one.path && isInside(path, one.path)));
}

function isInside(path: string, outer: string): boolean {
  return outer !== '' && (path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`));
}
