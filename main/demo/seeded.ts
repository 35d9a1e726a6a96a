/** Numbers and names that look random and are the same each time for the same seed. */

/** A 32-bit hash of a text (FNV-1a with a final mix, so that similar texts differ in every bit). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A number in [0, 1) for a seed. */
export function fraction(seed: string): number {
  return hash(seed) / 2 ** 32;
}

/** The letters that Kubernetes' generated names consist of. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `length` letters for a seed, as in `web-7c9d5b8f64-x2x4k`. */
export function letters(seed: string, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1)
    text += alphabet[hash(`${seed}/${String(index)}`) % alphabet.length] ?? '';
  return text;
}
