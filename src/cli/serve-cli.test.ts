import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { spawnCli, temporaryDir } from '../../test/harness/index.ts';
import { createApp } from '../main/app.ts';

const dir = temporaryDir();
const isBuilt = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer'));

it.runIf(isBuilt)('serve waits for a command that holds the data folder for a moment', async () => {
  const dataDir = join(dir, 'data');
  const app = await createApp({ dataDir });
  const { child, lines, ended } = spawnCli(dataDir, ['serve']);
  // The stay of that command: long enough for serve to meet the lock, short enough for its patience.
  await delay(3_000);
  expect(child.exitCode).toBeNull();
  await app.close();
  const { value } = await lines.next();
  expect(JSON.parse(value)).toMatchObject({ url: expect.stringMatching(/^http:/), pid: child.pid });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});
