/** The desktop app's entry. Paths are taken here, because only the entry stays where it is when the build splits files. */
import { fileURLToPath } from 'node:url';
import { startShell } from './shell/index.ts';

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Not awaited: Electron becomes ready only after this module has run to its end.
void startShell({
  threads: {
    delivery: new URL('./delivery.js', import.meta.url),
    registry: new URL('./registry.js', import.meta.url),
  },
  preload: beside('../preload/index.cjs'),
  rendererDir: beside('../renderer'),
});
