import { execFileSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cliJson, spawnCli, temporaryDir } from '../../test/harness/index.ts';
import { createApp } from '../main/app.ts';
import { localSocketPath, startLocalSocket } from '../main/server/index.ts';
import type { DevicePage } from '../shared/model/index.ts';

const dir = temporaryDir();
let folders = 0;
const freshDataDir = () => join(dir, `data-${++folders}`);

it.each([
  ['an Ansible inventory', '[cams]\ncam1 ansible_host=192.0.2.1 ansible_port=2222\n', 'cam1 192.0.2.1:2222'],
  ['YAML', 'all:\n  hosts:\n    cam1:\n      ansible_host: 192.0.2.1\n', 'cam1 192.0.2.1'],
  ['an ssh config', '# bench\nHost plc\n  HostName 192.0.2.20\n  Port 2222\n', 'plc 192.0.2.20:2222'],
  ['JSON', '[{"name":"j","address":"192.0.2.30"}]', 'j 192.0.2.30'],
  ['CSV', 'name,address\nc,192.0.2.40\n', 'c 192.0.2.40'],
])('%s on standard input is known by its content', async (_, list, found) => {
  const dataDir = freshDataDir();
  expect(await cliJson(dataDir, ['devices', 'import', '-'], list)).toEqual({ added: 1, updated: 0, skipped: 0 });
  const { devices } = await cliJson<DevicePage>(dataDir, ['devices', 'list']);
  expect(devices.map(({ name, address }) => `${name} ${address}`)).toEqual([found]);
});

describe('while another Pushrod holds the data folder, a list', () => {
  const rows = 400;
  /** Over 16 MiB, which is the most one message takes. */
  const list = () => {
    const notes = 'x'.repeat(48 * 1024);
    const lines = Array.from({ length: rows }, (_, index) => `d${index},192.0.2.1:${index + 1},${notes}`);
    return `name,address,tag:notes\n${lines.join('\n')}\n`;
  };

  async function holdFolder(): Promise<string> {
    const dataDir = freshDataDir();
    const app = await createApp({ dataDir });
    const socket = await startLocalSocket({ app, path: localSocketPath(dataDir) });
    onTestFinished(async () => {
      await socket.close();
      await app.close();
    });
    return dataDir;
  }

  it('of any length comes from a file, and from standard input', async () => {
    const dataDir = await holdFolder();
    const file = join(dir, 'long.csv');
    writeFileSync(file, list());
    expect(await cliJson(dataDir, ['devices', 'import', file])).toMatchObject({ added: rows });
    const again = ['devices', 'import', '-', '--on-conflict', 'skip'];
    expect(await cliJson(dataDir, again, list())).toMatchObject({ skipped: rows });
  });

  it('comes through a pipe that only this process has', async () => {
    const dataDir = await holdFolder();
    const fifo = join(dir, 'list.csv');
    execFileSync('mkfifo', [fifo]);
    const { ended } = spawnCli(dataDir, ['devices', 'import', fifo, '--json']);
    createWriteStream(fifo).end(list());
    const { code, stdout } = await ended;
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, added: rows, updated: 0, skipped: 0 });
  });
});
