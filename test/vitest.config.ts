import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

export default defineConfig({
  root,
  test: {
    // Stopping a real cluster ends its containers first.
    teardownTimeout: 90_000,
    projects: [
      { test: { name: 'unit', root, include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'contract', root, include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'integration',
          root,
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ['test/support/real-cluster.setup.ts'],
          maxWorkers: 2,
          // After the others, for these start real processes.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
