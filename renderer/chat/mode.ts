/** `kubectl …` and `k …` are commands; anything else is a question. */
export function isCommand(text: string): boolean {
  return /^\s*(kubectl|k)(\s|$)/.test(text);
}
