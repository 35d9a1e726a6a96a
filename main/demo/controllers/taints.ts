import type { Node, PodSpec } from '../kinds.ts';

type Taint = NonNullable<Node['spec']['taints']>[number];

/** Whether one of the tolerations covers the taint. */
export function tolerates(tolerations: PodSpec['tolerations'], taint: Taint): boolean {
  return (tolerations ?? []).some(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (!key) return operator === 'Exists';
    return key === taint.key && (operator === 'Exists' || (value ?? '') === (taint.value ?? ''));
  });
}
