/** Sums of resources, printed as Kubernetes prints quantities. */
import { parseQuantity } from '../../../shared/quantity.ts';
import { listAt, objectAt, textAt, type Json } from '../exact-json.ts';

export interface Amounts {
  /** By resource name. */
  readonly [resource: string]: number;
}

/** What a pod asks for, or is limited to: its containers together, or its largest init container. */
export function podAmounts(pod: Json, kind: 'requests' | 'limits'): Amounts {
  const sum: Record<string, number> = {};
  const add = (resources: Json, into: Record<string, number>): void => {
    for (const [name, amount] of Object.entries(objectAt(resources, 'resources', kind))) {
      into[name] = (into[name] ?? 0) + (parseQuantity(String(amount)) || 0);
    }
  };
  for (const container of listAt(pod, 'spec', 'containers')) add(container, sum);
  const sidecars: Record<string, number> = {};
  const largest: Record<string, number> = {};
  for (const container of listAt(pod, 'spec', 'initContainers')) {
    const own: Record<string, number> = { ...sidecars };
    add(container, own);
    if (textAt(container, 'restartPolicy') === 'Always') {
      add(container, sidecars);
      add(container, sum);
    }
    for (const [name, amount] of Object.entries(own)) largest[name] = Math.max(largest[name] ?? 0, amount);
  }
  for (const [name, amount] of Object.entries(largest)) sum[name] = Math.max(sum[name] ?? 0, amount);
  const hasOwn = Object.keys(sum).length > 0 || kind === 'requests';
  for (const [name, amount] of Object.entries(objectAt(pod, 'spec', 'overhead'))) {
    if (hasOwn) sum[name] = (sum[name] ?? 0) + (parseQuantity(String(amount)) || 0);
  }
  return sum;
}

/** Amounts of several pods together. */
export function total(all: readonly Amounts[]): Amounts {
  const sum: Record<string, number> = {};
  for (const one of all) for (const [name, amount] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

/** `250m`, `2`. */
export function cpuText(cores: number): string {
  const milli = Math.ceil(Math.round(cores * 1e6) / 1e3);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** `170Mi`: the largest binary unit that divides it, as quantities are written canonically. */
export function bytesText(bytes: number): string {
  if (bytes === 0) return '0';
  let amount = bytes;
  let unit = 0;
  while (amount % 1024 === 0 && unit < 6) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][unit] ?? ''}`;
}
