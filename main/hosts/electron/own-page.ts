/** The one page of this app. Its scheme is ours alone, so nothing from the web can be it. */
export const pageUrl = 'app://ui/index.html';

/** Whether a URL is of the page itself. A custom scheme has no origin in the URL standard: scheme and host are compared. */
export function isOwnPage(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'app:' && host === 'ui' && username === '' && password === '';
}
