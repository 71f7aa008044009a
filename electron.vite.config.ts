import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          cli: at('src/cli/index.ts'),
          delivery: at('src/main/delivery/worker/thread.ts'),
          backup: at('src/main/data/backup-thread.ts'),
          record: at('src/main/updates/record-thread.ts'),
          registry: at('src/main/registry/worker/thread.ts'),
        },
        // Beside the threads' programs, so that whichever chunk starts one finds it.
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [svelte()],
    build: { minify: true, rollupOptions: { input: at('src/renderer/index.html') } },
  },
});
