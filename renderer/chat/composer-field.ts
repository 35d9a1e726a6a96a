/** The composer's text field while it is on screen: what `/` and Ctrl N move the focus to. */
export const composerField: { current: HTMLTextAreaElement | null } = { current: null };

export function focusComposer(): void {
  composerField.current?.focus();
}
