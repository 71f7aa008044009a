import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import {
  cliJson,
  isRoot,
  makeFile,
  mountTmpfs,
  runCli,
  setProfile,
  sha256OfFile,
  spawnCli,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(isRoot())("a laptop's disk that fills up during a push", () => {
  const dir = temporaryDir();

  it('ends the push with the reason, and the push goes on when there is room again', async () => {
    const dataDir = join(dir, 'data');
    onTestFinished(mountTmpfs(dataDir, 24 * mib, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }));
    const firmware = join(dir, 'fw-1.0.bin');
    makeFile(firmware, 5 * mib);
    const bench = await startSimulator({ devices: 1, rateBytesPerSecond: mib });
    onTestFinished(() => bench.close());
    const { username, password } = bench.credential;
    await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
    await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
    const [device = expect.fail('no device')] = bench.devices;
    await cliJson(dataDir, ['devices', 'add', '--id', 'gw', '--name', 'gw', '--address', device.address]);

    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--all', '--json']);
    let updateId = '';
    for await (const line of cli.lines) {
      const told = JSON.parse(line) as { updateId: string; bytesSent?: number };
      updateId = told.updateId;
      if ((told.bytesSent ?? 0) > 0) break;
    }
    cli.child.stdout?.resume();
    fill(join(dataDir, 'filler'));
    const { code, stdout } = await cli.ended;
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
    expect(code).toBe(5);

    rmSync(join(dataDir, 'filler'));
    expect(await cliJson(dataDir, ['updates', 'show', updateId])).toMatchObject({ update: { state: 'interrupted' } });
    expect((await runCli(dataDir, ['updates', 'resume', updateId])).code).toBe(0);
    expect(await sha256OfFile(join(bench.rootOf(device.name), 'srv', 'fw-1.0.bin'))).toBe(await sha256OfFile(firmware));
  });
});

function fill(file: string): void {
  for (const bytes of [mib, 4096]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
    }
  }
}
