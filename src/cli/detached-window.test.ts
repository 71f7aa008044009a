import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cliJson, makeFile, runCli, setProfile, startOddServer, temporaryDir } from '../../test/harness/index.ts';
import type { Update } from '../shared/model/index.ts';

it('a terminal that carries a detached push leaves when its window has closed, until another night', async () => {
  const dir = temporaryDir();
  const dataDir = join(dir, 'data');
  const firmware = join(dir, 'fw-1.0.bin');
  makeFile(firmware, 1_000);
  const silent = await startOddServer(() => undefined);
  onTestFinished(() => silent.close());
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'secret');
  await setProfile(dataDir, 'slow', { timeouts: { connect: '4s' } });
  for (const name of ['a', 'b']) {
    const at = ['--address', `127.0.0.1:${silent.port}`, '--profile', 'slow'];
    await cliJson(dataDir, ['devices', 'add', '--name', name, ...at]);
  }
  const opens = new Date(Math.ceil((Date.now() + 5_000) / 1_000) * 1_000);
  const [month, day] = [opens.getUTCMonth() + 1, opens.getUTCDate()];
  const cron = `${opens.getUTCSeconds()} ${opens.getUTCMinutes()} ${opens.getUTCHours()} ${day} ${month} *`;
  const window = ['--start', opens.toISOString(), '--window-start', cron, '--window-duration', '3s', '--tz', 'UTC'];
  const { code, stdout } = await runCli(dataDir, [
    ...['push', '--firmware', firmware, '--all', '--concurrency', '1', ...window, '--detach', '--json'],
  ]);
  expect([code, JSON.parse(stdout)]).toEqual([0, { updateId: expect.any(String) }]);
  const { updates } = await cliJson<{ updates: Update[] }>(dataDir, ['updates', 'list']);
  expect(updates).toMatchObject([{ state: 'scheduled', counts: { failed: 1, pending: 1 } }]);
});
