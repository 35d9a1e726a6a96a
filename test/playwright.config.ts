import { defineConfig } from '@playwright/test';
import { findChromium } from './support/browser.ts';

const root = new URL('..', import.meta.url).pathname;
const chromium = findChromium({ install: false });

/** One worker: the app under test starts real processes, and two cores are shared. */
export default defineConfig({
  testDir: './e2e',
  outputDir: `${root}test-results/e2e`,
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    trace: 'retain-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: chromium.path === null ? {} : { executablePath: chromium.path, args: [...chromium.args] },
  },
});
