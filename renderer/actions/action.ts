/** One thing a person can do. Palette, shortcut and key list are drawn from it. */
export interface Action {
  readonly id: string;
  readonly label: string;
  /** Said beside the label: where, or on what. */
  readonly detail?: string;
  readonly keywords?: readonly string[];
  /** 'Ctrl K', 'G C', '?': words are pressed together after Ctrl, Shift or Alt, else one after another. */
  readonly keys?: string;
  readonly perform: () => void;
}
