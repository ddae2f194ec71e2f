import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Bounds on a hang, not on speed: a busy machine of two processors must not fail a test that is right.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Where nobody watches, what depends on the moment (sockets, browsers, killed processes) is given a second chance.
    retry: process.env['CI'] ? 1 : 0,
    pool: 'forks',
    // Much of a test file's time is waiting for databases, sockets and child processes.
    maxWorkers: '100%',
    reporters: process.env['ASSAY_TEST_SUMMARY'] ? ['default', './scripts/test-summary.ts'] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}'],
          globalSetup: 'src/platform/database/testing-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['web/e2e/**/*.test.ts'],
          globalSetup: 'web/e2e/setup.ts',
          // One Chromium and one server at a time: beside each other they only wait for the same processors.
          fileParallelism: false,
        },
      },
    ],
  },
})
