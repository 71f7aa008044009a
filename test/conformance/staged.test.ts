import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  has,
  makeFile,
  push,
  registerBench,
  remotePathOf,
  runCli,
  setProfile,
  sha256OfFile,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

it.runIf(has('sshd'))('what was staged and then changed on the device is not activated, but sent again', async () => {
  const dir = temporaryDir();
  const dataDir = join(dir, 'data');
  const firmware = join(dir, 'fw-1.0.bin');
  makeFile(firmware, 100_000);
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const ids = ['changed', 'shorter', 'untouched'];
  await registerBench(dataDir, sshd, ids);
  const activateCommand = 'sha256sum < {remotePath} >> {remotePath}.activated';
  const profile = { credential: 'bench', remotePath: remotePathOf(sshd), activateCommand };
  await setProfile(dataDir, 'bench', profile);
  const { summary } = await push(dataDir, ['--firmware', firmware, '--all', '--stage-only']);
  expect(summary.devices.map(({ state }) => state)).toEqual(['staged', 'staged', 'staged']);

  const placed = (id: string) => join(sshd.user.home, id, 'fw-1.0.bin');
  const bytes = readFileSync(firmware);
  bytes[50_000] = (bytes[50_000] ?? 0) ^ 1;
  writeFileSync(placed('changed'), bytes);
  writeFileSync(placed('shorter'), bytes.subarray(0, 10));

  const { code, stdout } = await runCli(dataDir, ['updates', 'activate', summary.updateId, '--json']);
  expect(code).toBe(0);
  const after = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as typeof summary;
  const sent = Object.fromEntries(after.devices.map(({ deviceId, bytesSent }) => [deviceId, bytesSent > 0]));
  expect(sent).toEqual({ changed: true, shorter: true, untouched: false });
  const sha256 = await sha256OfFile(firmware);
  for (const id of ids) expect(readFileSync(`${placed(id)}.activated`, 'utf8')).toBe(`${sha256}  -\n`);
});
