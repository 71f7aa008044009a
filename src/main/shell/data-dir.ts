import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { defaultDataDir } from '../data/index.ts';

/**
 * The data folder: `--data DIR`, else `PUSHROD_DATA`, else the one the terminal uses too.
 * Chromium's own files go into its `window` folder, so that Electron's single-instance lock is one for each data folder.
 */
export function chooseDataDir(argv: string[], environment: NodeJS.ProcessEnv): string {
  // Chromium's own switches are among the arguments, so strangers are let pass.
  const { values } = parseArgs({ args: argv.slice(1), options: { data: { type: 'string' } }, strict: false });
  const given = typeof values.data === 'string' ? values.data : environment.PUSHROD_DATA;
  const dataDir = given ? resolve(given) : defaultDataDir();
  const windowDir = join(dataDir, 'window');
  mkdirSync(windowDir, { recursive: true, mode: 0o700 });
  app.setPath('userData', windowDir);
  return dataDir;
}
