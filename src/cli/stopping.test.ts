import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cliJson, type RunningCli, setProfile, spawnCli, temporaryDir } from '../../test/harness/index.ts';
import { createApp } from '../main/app.ts';
import { connectLocalSocket, localSocketPath, startLocalSocket } from '../main/server/index.ts';
import type { PushrodClient } from '../shared/contract/index.ts';
import { benchCsv, type Simulator, startSimulator } from '../simulator/index.ts';

const dir = temporaryDir();
const mib = 1024 * 1024;
let folders = 0;
const freshDataDir = () => {
  const dataDir = join(dir, `data-${++folders}`);
  mkdirSync(dataDir);
  return dataDir;
};
const lastLine = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

/** Takes no room on the disk, and a while to be read. */
function hugeFile(): string {
  const path = join(dir, 'huge-1.0.bin');
  writeFileSync(path, '');
  truncateSync(path, 4096 * mib);
  return path;
}

const incoming = (dataDir: string) => {
  const folder = join(dataDir, 'firmware');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.incoming-')) : [];
};

async function untilCopying(dataDir: string, { child }: RunningCli): Promise<void> {
  while (incoming(dataDir).length === 0) {
    if (child.exitCode !== null) expect.fail(`it ended with ${child.exitCode}`);
    await delay(5);
  }
}

describe.each([
  ['firmware add', (file: string) => ['firmware', 'add', file, '--version', '1.0']],
  ['push', (file: string) => ['push', '--firmware', file, '--all']],
])('%s', (_, command) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('that %s ends takes its half copied file along', async (signal) => {
    const dataDir = freshDataDir();
    const cli = spawnCli(dataDir, command(hugeFile()));
    await untilCopying(dataDir, cli);
    cli.child.kill(signal);
    const { code, stdout, stderr } = await cli.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).not.toMatch(/INTERNAL|fault in Pushrod|^\s+at /m);
    expect(incoming(dataDir)).toEqual([]);
    expect(await cliJson(dataDir, ['firmware', 'list'])).toEqual({ firmware: [] });
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'a list that never comes through its pipe does not outlast %s',
  async (signal) => {
    const dataDir = freshDataDir();
    const fifo = join(dir, `list-${signal}.csv`);
    execFileSync('mkfifo', [fifo]);
    const temporary = join(dataDir, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const cli = spawnCli(dataDir, ['devices', 'import', fifo]);
    vi.unstubAllEnvs();
    while (readdirSync(temporary).length === 0) await delay(5);
    cli.child.kill(signal);
    expect(await cli.ended).toMatchObject({ code: 130, stdout: '' });
    expect(readdirSync(temporary)).toEqual([]);
    expect(await cliJson(dataDir, ['devices', 'list'])).toMatchObject({ total: 0 });
  },
);

describe('two terminals', () => {
  const dataDir = freshDataDir();
  let bench: Simulator;
  let pushes = 0;

  beforeAll(async () => {
    bench = await startSimulator({ devices: 2, rateBytesPerSecond: mib });
    const { username, password } = bench.credential;
    await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
    await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
    await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(bench));
  });
  afterAll(() => bench.close());

  /** Of bytes that no device has a part of yet: a transfer that was cut before would be over too soon. */
  async function startPush(name: string, sizeBytes = 12 * mib) {
    pushes += 1;
    const file = join(dir, `fw-${pushes}.bin`);
    writeFileSync(file, Buffer.alloc(sizeBytes, pushes));
    const cli = spawnCli(dataDir, ['push', '--firmware', file, '--search', name, '--json']);
    for await (const line of cli.lines) {
      if (JSON.parse(line).state === 'transferring') return cli;
    }
    return expect.fail(JSON.stringify(await cli.ended));
  }

  it.each([0, 20, 40])(
    'both hear the end of their push, when that of the holder comes %i ms later',
    async (laterMs) => {
      const [one, other] = bench.devices;
      const holder = await startPush(one?.name ?? '');
      const guest = await startPush(other?.name ?? '');
      guest.child.kill('SIGINT');
      await delay(laterMs);
      holder.child.kill('SIGINT');
      const ended = await Promise.all([guest.ended, holder.ended]);
      expect(ended.map(({ code }) => code)).toEqual([130, 130]);
      expect(ended.map(({ stdout }) => lastLine(stdout).state)).toEqual(['cancelled', 'cancelled']);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'both end when %s meets the one that only stays for the other',
    async (signal) => {
      const [one, other] = bench.devices;
      const holder = await startPush(one?.name ?? '', 8 * mib);
      const staying = new Promise<void>((resolve) => {
        holder.child.stderr?.on('data', (said) => String(said).includes('Staying until') && resolve());
      });
      const guest = await startPush(other?.name ?? '');
      await staying;
      holder.child.kill(signal);
      const ended = await Promise.all([holder.ended, guest.ended]);
      expect(ended.map(({ code }) => code)).toEqual([130, 130]);
      expect(lastLine(ended[1].stdout)).toMatchObject({ type: 'summary', state: 'interrupted' });
    },
  );
});

describe('an import', () => {
  const rows = 150_000;
  const list = join(dir, 'long.csv');
  beforeAll(() => {
    const lines = Array.from({ length: rows }, (_, index) => `d${index},192.0.2.1:${(index % 65_000) + 1}`);
    writeFileSync(list, `name,address\n${lines.join('\n')}\n`);
  });

  async function untilUnderWay(client: PushrodClient): Promise<void> {
    for await (const { tasks } of await client.tasks.watch()) if (tasks[0]?.devices) return;
  }

  async function connected(dataDir: string, { child }: RunningCli) {
    for (;;) {
      const connection = await connectLocalSocket(localSocketPath(dataDir));
      if (connection) return connection;
      if (child.exitCode !== null) expect.fail(`it ended with ${child.exitCode}`);
      await delay(10);
    }
  }

  it('that Ctrl-C meets in another terminal says what really happened', async () => {
    const dataDir = freshDataDir();
    const app = await createApp({ dataDir });
    const socket = await startLocalSocket({ app, path: localSocketPath(dataDir) });
    onTestFinished(async () => {
      await socket.close();
      await app.close();
    });
    const client = app.client('terminal');
    const cli = spawnCli(dataDir, ['devices', 'import', list, '--json']);
    await untilUnderWay(client);
    cli.child.kill('SIGINT');
    const { code, stdout, stderr } = await cli.ended;
    const { total } = await client.devices.list({ limit: 1 });
    expect([130, 0]).toContain(code);
    expect(total).toBe(code === 130 ? 0 : rows);
    expect(stdout === '').toBe(code === 130);
    expect(stderr).toContain(code === 130 ? 'nothing was changed' : 'done before it could be cancelled');
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('ends with 130 at %s, and changes nothing', async (signal) => {
    const dataDir = freshDataDir();
    const cli = spawnCli(dataDir, ['devices', 'import', list, '--json']);
    const connection = await connected(dataDir, cli);
    await untilUnderWay(connection.client);
    connection.close();
    cli.child.kill(signal);
    const { code, stdout, stderr } = await cli.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).not.toMatch(/INTERNAL|fault in Pushrod|^\s+at /m);
    expect(await cliJson(dataDir, ['devices', 'list', '--limit', '1'])).toMatchObject({ total: 0 });
  });

  it('lets other terminals in, and stays until theirs has ended', async () => {
    const dataDir = freshDataDir();
    const cli = spawnCli(dataDir, ['devices', 'import', list, '--json']);
    const connection = await connected(dataDir, cli);
    connection.close();
    const second = await cliJson(dataDir, ['devices', 'import', list, '--on-conflict', 'skip', '--dry-run']);
    expect(second).toMatchObject({ added: expect.any(Number) });
    expect((await cli.ended).code).toBe(0);
    expect(await cliJson(dataDir, ['devices', 'list', '--limit', '1'])).toMatchObject({ total: rows });
  });
});
