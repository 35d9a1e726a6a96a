/** At most three letters for a cluster's square: the initials of its parts with their last number ('prod-eu-1' is 'pe1'). */
export function shortName(name: string): string {
  const last = name.split('/').at(-1) ?? name;
  const parts = last.split(/[^a-zA-Z0-9]+/).filter((part) => part !== '');
  if (parts.length === 0) return '?';
  if (parts.length === 1) return (parts[0] ?? '').slice(0, 2).toLowerCase();
  const number = /^\d+$/.test(parts.at(-1) ?? '') ? (parts.at(-1) ?? '').slice(-1) : '';
  const words = number === '' ? parts : parts.slice(0, -1);
  return (
    words
      .map((word) => word.charAt(0))
      .join('')
      .slice(0, number === '' ? 3 : 2) + number
  ).toLowerCase();
}
