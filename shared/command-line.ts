/** What main and the window both have to know about a typed line. Free of zod, so the renderer may import it as a value. */

/** Whether a line is a command: `kubectl …` and `k …` are, anything else is a question. */
export function isCommand(line: string): boolean {
  return /^\s*(kubectl|k)(\s|$)/.test(line);
}

/** The remedy of a command whose failure has said all there is to say. */
export const correctIt = 'Correct the command and run it again.';
