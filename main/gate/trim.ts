const opening = Buffer.from('"managedFields":[');
const quote = 0x22;
const backslash = 0x5c;
const open = 0x5b;
const close = 0x5d;

/**
 * Empties every `managedFields` list of a JSON text that comes in chunks, without parsing it (they are two thirds of a
 * Table of pods). The opening bytes cannot stand inside a JSON string, because there its quotes would be escaped;
 * one escaped quote before them is looked for. Memory: one chunk.
 */
export class ManagedFieldsTrimmer {
  #carry: Buffer = Buffer.alloc(0);
  /** Open brackets of the list being skipped; 0 outside. */
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** The part of the output that is certain now. */
  push(chunk: Buffer): Buffer[] {
    const text = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const out: Buffer[] = [];
    let from = 0;
    while (from < text.length) {
      if (this.#depth > 0) {
        from = this.#skip(text, from);
        continue;
      }
      const found = text.indexOf(opening, from);
      if (found < 0) break;
      const after = found + opening.length;
      out.push(text.subarray(from, after));
      from = after;
      if (found === 0 || text[found - 1] !== backslash) this.#depth = 1;
    }
    const keep = this.#depth > 0 ? text.length : certain(text, from);
    if (keep > from) out.push(text.subarray(from, keep));
    this.#carry = text.subarray(keep);
    return out;
  }

  /** What was held back at the end of the text. */
  end(): Buffer {
    const rest = this.#carry;
    this.#carry = Buffer.alloc(0);
    return rest;
  }

  /** Index of the bracket that closes the list, or the end of the text. */
  #skip(text: Buffer, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const byte = text[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) this.#inString = true;
      else if (byte === open) this.#depth += 1;
      else if (byte === close) {
        this.#depth -= 1;
        if (this.#depth === 0) return at;
      }
    }
    return at;
  }
}

/**
 * Where the tail begins that may be the first part of the opening, with the byte before it, which may escape it. All
 * else goes on at once: an event of a watch is whole, and must not wait for the next one.
 */
function certain(text: Buffer, from: number): number {
  for (let length = Math.min(opening.length - 1, text.length - from); length > 0; length -= 1) {
    const start = text.length - length;
    if (text.compare(opening, 0, length, start) === 0) return Math.max(from, start - 1);
  }
  return text.length > from && text[text.length - 1] === backslash ? text.length - 1 : text.length;
}
