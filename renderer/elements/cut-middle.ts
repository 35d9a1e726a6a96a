/**
 * Cuts a name in the middle to at most `length` characters. The last seven stay whatever happens: they are what tells two pods
 * of one ReplicaSet apart.
 */
export function cutMiddle(name: string, length: number): string {
  if (name.length <= length) return name;
  const tail = Math.max(7, Math.floor((length - 1) / 3));
  const head = Math.max(0, length - 1 - tail);
  return `${name.slice(0, head)}…${name.slice(-tail)}`;
}
