import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: at('./node_modules/graphql/index.js') },
      { find: '@touchstone/losses/meta', replacement: at('./packages/losses/src/meta.ts') },
      { find: '@touchstone/losses/backend', replacement: at('./packages/losses/src/backend/index.ts') },
      { find: /^@touchstone\/losses$/, replacement: at('./packages/losses/src/index.ts') },
      { find: '@touchstone/eval/predictions', replacement: at('./packages/eval/src/predictions/index.ts') },
      { find: '@touchstone/eval/statistics', replacement: at('./packages/eval/src/statistics/index.ts') },
      { find: '@touchstone/eval/meta', replacement: at('./packages/eval/src/meta.ts') },
      { find: '@touchstone/eval/child', replacement: at('./packages/eval/src/child.ts') },
      { find: /^@touchstone\/eval$/, replacement: at('./packages/eval/src/index.ts') },
      { find: /^@touchstone\/db$/, replacement: at('./drizzle/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.ts',
      'apps/**/*.test.tsx',
      'drizzle/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
