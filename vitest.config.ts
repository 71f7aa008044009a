import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/totals-reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // Else each thread that a test starts loads the type stripper's WebAssembly; V8 now and then crashes as many are freed.
    // https://github.com/nodejs/node/issues/64500
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/pushrod') },
  },
});
