/** Breaks text at spaces so that no line is longer than `width`, keeping the line breaks it has. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const out: string[] = [];
  let length = 0;
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    const bare = word.replace(/ +$/, '');
    if (length > 0 && length + bare.length > width) {
      out.push('\n');
      length = 0;
    }
    out.push(word);
    length += word.length;
  }
  return out.join('').replace(/ +\n/g, '\n');
}

/** Every line moved to the right. */
export function indent(text: string, amount: number): string {
  const pad = ' '.repeat(amount);
  return pad + text.replaceAll('\n', `\n${pad}`);
}
