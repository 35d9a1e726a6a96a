/** One command of the corpus, and how its answer has to be kubectl's. */
export interface Case {
  /** As typed, and as bash runs it with the real kubectl. */
  readonly line: string;
  /**
   * `bytes`: stdout byte for byte. `cells`: the same cells, ages within their last unit. `lines` and `words`: the same,
   * in any order, where kubectl's own order is chance. Stderr and exit code are compared in every form.
   */
  readonly same?: 'bytes' | 'cells' | 'lines' | 'words';
  /** Why this one differs; in what exactly, differences.ts says. The test fails when it does not any more. */
  readonly differs?: string;
}

/** Cases that are all compared in one way. */
export function cases(same: NonNullable<Case['same']>, lines: string): Case[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ line, same }));
}
