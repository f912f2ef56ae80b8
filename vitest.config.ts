import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so a test needs no build. `import` and `require` are added by how a module is asked for.
const conditions = ['@synod/source', 'node'];

/** Rooms that keep nothing between two calls: their test files share modules, which saves loading them anew for each. */
const pure = '{machines,packages/{checker,clocks,compiler,examples,protocol,simulator,testgen,trace}}';
const tests = '{test,src/*/test}/**/*.test.ts';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    globalSetup: ['./vitest.global.ts'],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'pure', include: [`${pure}/${tests}`], isolate: false } },
      {
        extends: true,
        test: { name: 'system', include: [`{packages/*,runtime,inspector}/${tests}`], exclude: [`${pure}/**`] },
      },
    ],
  },
});
