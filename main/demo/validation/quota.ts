/** Resource quotas at the moment of a create: what is asked for, what is used, what is allowed. */
import type { ResourceDefinition } from '../definitions.ts';
import { forbidden, qualifiedName } from '../errors.ts';
import type { Container, Manifest, Pod } from '../kinds.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import { canonicalQuantity } from '../quantity.ts';
import type { Store } from '../store.ts';

interface Quota extends Manifest {
  spec: { hard?: Record<string, string> };
}

/** Core resources that a quota may name without `count/`. */
const plainNames = new Set([
  'pods',
  'services',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
]);

/** Amounts by the quota's names: `pods`, `requests.cpu`, `count/deployments.apps`. */
type Amounts = Map<string, number>;

function podAmounts({ spec }: Pod): Amounts {
  const amounts: Amounts = new Map();
  const add = (name: string, amount: number): void => {
    amounts.set(name, (amounts.get(name) ?? 0) + amount);
  };
  for (const { resources } of spec.containers) {
    for (const [name, amount] of Object.entries(resources?.requests ?? {})) {
      add(name, parseQuantity(amount));
      add(`requests.${name}`, parseQuantity(amount));
    }
    for (const [name, amount] of Object.entries(resources?.limits ?? {})) add(`limits.${name}`, parseQuantity(amount));
  }
  return amounts;
}

function amountsOf(definition: ResourceDefinition, object: Manifest): Amounts {
  const amounts: Amounts = definition.storage === 'pods' ? podAmounts(object as Pod) : new Map<string, number>();
  amounts.set(`count/${qualifiedName(definition)}`, 1);
  if (!definition.group && plainNames.has(definition.plural)) amounts.set(definition.plural, 1);
  return amounts;
}

function isOver(object: Manifest): boolean {
  const { phase } = (object as Pod).status ?? {};
  return phase === 'Succeeded' || phase === 'Failed';
}

function usedOf(store: Store, definition: ResourceDefinition, namespace: string): Amounts {
  const used: Amounts = new Map();
  for (const object of store.list(definition.storage, namespace)) {
    if (definition.storage === 'pods' && isOver(object)) continue;
    for (const [name, amount] of amountsOf(definition, object)) used.set(name, (used.get(name) ?? 0) + amount);
  }
  return used;
}

function missingIn(containers: Container[], name: string): string[] {
  const [kind, resource = ''] = name.includes('.') ? name.split('.') : ['requests', name];
  return containers
    .filter(({ resources }) => resources?.[kind as 'requests' | 'limits']?.[resource] === undefined)
    .map((container) => container.name);
}

function printed(names: string[], amount: (name: string) => string): string {
  return names.map((name) => `${name}=${amount(name)}`).join(',');
}

function quantity(value: number): string {
  return canonicalQuantity(Number.isInteger(value) ? String(value) : `${String(Math.round(value * 1000))}m`) ?? '0';
}

/** @throws ApiError 403 where the object would exceed a quota of its namespace, or leaves out what one counts. */
export function checkQuotas(store: Store, definition: ResourceDefinition, object: Manifest): void {
  const { name, namespace = '' } = object.metadata;
  const quotas = store.list<Quota>('resourcequotas', namespace);
  if (!quotas.length || definition.storage === 'resourcequotas') return;
  const asked = amountsOf(definition, object);
  let used: Amounts | undefined;
  for (const quota of quotas) {
    const hard = quota.spec.hard ?? {};
    if (definition.storage === 'pods') {
      const counted = Object.keys(hard).filter((each) => /^((requests|limits)\.)?(cpu|memory)$/.test(each));
      const gaps = counted.flatMap((each) => {
        const missing = missingIn((object as Pod).spec.containers, each);
        return missing.length ? [`${each} for: ${missing.join(',')}`] : [];
      });
      if (gaps.length)
        throw forbidden(definition, name, `failed quota: ${quota.metadata.name}: must specify ${gaps.join('; ')}`);
    }
    used ??= usedOf(store, definition, namespace);
    const have = used;
    const exceeded = Object.keys(hard)
      .filter((each) => (asked.get(each) ?? 0) > 0)
      .filter((each) => (have.get(each) ?? 0) + (asked.get(each) ?? 0) > parseQuantity(hard[each] ?? '0'))
      .sort();
    if (!exceeded.length) continue;
    const requested = printed(exceeded, (each) => quantity(asked.get(each) ?? 0));
    const inUse = printed(exceeded, (each) => quantity(have.get(each) ?? 0));
    const limited = printed(exceeded, (each) => hard[each] ?? '0');
    const why = `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${inUse}, limited: ${limited}`;
    throw forbidden(definition, name, why);
  }
}
