import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so a test needs no build. `import` and `require` are added by how a module is asked for.
const conditions = ['@synod/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages/*,machines,runtime,inspector}/{test,src/*/test}/**/*.test.ts'],
    globalSetup: ['./vitest.global.ts'],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
