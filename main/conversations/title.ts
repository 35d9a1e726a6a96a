const longest = 60;

/** What a conversation is called after its first line: that line, on one line, cut at a word where it is long. */
export function titleOf(words: string): string {
  const line = words.trim().replace(/\s+/g, ' ');
  if (line.length <= longest) return line || 'New conversation';
  const cut = line.slice(0, longest);
  return `${cut.slice(0, cut.lastIndexOf(' ') > longest / 2 ? cut.lastIndexOf(' ') : longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
