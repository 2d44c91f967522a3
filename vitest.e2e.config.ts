import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Browser and production tests share one real server, started as a newcomer starts it. */
export default mergeConfig(base, {
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
