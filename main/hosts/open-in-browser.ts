import { spawn } from 'node:child_process';

/**
 * Opens the address in the person's browser, as far as this machine has one; a failure is silent, for the address is
 * printed too. The ticket in it is short-lived and single-use, so its stay in an argument list is.
 */
export function openInBrowser(url: string): void {
  const command = commandOf(url);
  if (command === null) return;
  const child = spawn(command.program, command.args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function commandOf(url: string): { program: string; args: string[] } | null {
  if (process.platform === 'darwin') return { program: 'open', args: [url] };
  if (process.platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  // Without a display there is no window to open.
  const hasDisplay = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  return hasDisplay ? { program: 'xdg-open', args: [url] } : null;
}
