import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** A Chromium that tests can drive: null, with the reason, where there is none. */
export type Chromium =
  | { readonly path: string; readonly from: string; readonly args: readonly string[] }
  | { readonly path: null; readonly because: string };

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Playwright's own, else the system's; with `install`, as root on Debian, the distribution's package as a last resort. */
export function findChromium({ install }: { readonly install: boolean }): Chromium {
  const found = present();
  if (found !== null) return found;
  const canInstall = install && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { env });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
    const installed = present();
    if (installed !== null) return installed;
  }
  return { path: null, because: `no Chromium was found${canInstall ? ' and none could be installed' : ''}` };
}

function present(): Chromium | null {
  // Chromium refuses its own sandbox for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (existsSync(chromium.executablePath())) return { path: chromium.executablePath(), from: 'Playwright', args };
  for (const name of names) {
    const path = which(name);
    if (path !== null) return { path, from: 'the system', args };
  }
  const path = places.find((place) => existsSync(place));
  return path === undefined ? null : { path, from: 'the system', args };
}

function which(name: string): string | null {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}
