/**
 * Sets of fields in the notation of managedFields (FieldsV1): `f:name` for a field, `k:{…}` for an item of a keyed list,
 * `v:…` for an item of a set. A node without children is in the set; one with children only where it holds `.`.
 */
export interface FieldSet {
  [step: string]: FieldSet;
}

function children(set: FieldSet): [string, FieldSet][] {
  return Object.entries(set).filter(([step]) => step !== '.');
}

export function isEmpty(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

/** Whether the node itself, not only something below it, is in its set. */
export function isOwned(node: FieldSet): boolean {
  return '.' in node || isEmpty(node);
}

function node(owned: boolean, below: [string, FieldSet][]): FieldSet | undefined {
  if (!below.length) return owned ? {} : undefined;
  return Object.fromEntries(owned ? [['.', {}], ...below] : below);
}

/** Both sets as one. A root is never owned itself, so empty means nothing here. */
export function union(one: FieldSet, other: FieldSet): FieldSet {
  const result: FieldSet = { ...one };
  for (const [step, theirs] of children(other)) {
    const ours = Object.hasOwn(one, step) ? one[step] : undefined;
    if (!ours) {
      result[step] = theirs;
      continue;
    }
    const merged = union(ours, theirs);
    result[step] = node(isOwned(ours) || isOwned(theirs), children(merged)) ?? {};
  }
  return result;
}

/** What is in `one` and not in `other`. */
export function difference(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (owned, otherOwned) => owned && !otherOwned, true);
}

/** What is in both. */
export function intersection(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (owned, otherOwned) => owned && otherOwned, false);
}

function combine(
  one: FieldSet,
  other: FieldSet,
  keeps: (owned: boolean, other: boolean) => boolean,
  keepsUnmatched: boolean,
): FieldSet {
  const result: FieldSet = {};
  for (const [step, ours] of children(one)) {
    const theirs = Object.hasOwn(other, step) ? other[step] : undefined;
    if (!theirs) {
      if (keepsUnmatched) result[step] = ours;
      continue;
    }
    const below = combine(ours, theirs, keeps, keepsUnmatched);
    const kept = node(keeps(isOwned(ours), isOwned(theirs)), children(below));
    if (kept) result[step] = kept;
  }
  return result;
}

/** Each field of the set, as the real server prints it: `.spec.containers[name="web"].image`. */
export function paths(set: FieldSet, prefix = ''): string[] {
  return children(set).flatMap(([step, below]) => {
    const at = `${prefix}${printStep(step)}`;
    return [...(isOwned(below) ? [at] : []), ...paths(below, at)];
  });
}

function printStep(step: string): string {
  const text = step.slice(2);
  if (step.startsWith('k:')) {
    const key = JSON.parse(text) as Record<string, unknown>;
    return `[${Object.entries(key)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(',')}]`;
  }
  return step.startsWith('v:') ? `[=${text}]` : `.${text}`;
}
