import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAppDouble } from './app-double.ts';
import { connectLocalSocket } from './connect-local-socket.ts';
import { startLocalSocket } from './local-socket.ts';
import { localSocketPath } from './local-socket-path.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushrod-socket-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform === 'win32')('a terminal of the same user talks to the open core', async () => {
  const app = createAppDouble();
  const path = localSocketPath(join(folder, 'a bench #1 für alle'));
  const socket = await startLocalSocket({ app, path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const connection = await connectLocalSocket(path);
  await connection?.client.devices.add({ name: 'Bench 1', address: '192.0.2.1' });
  expect(app.doors).toEqual(['terminal']);
  connection?.close();
  await socket.close();
  expect(existsSync(path)).toBe(false);
});

test('a socket that a dead Pushrod left behind is replaced', async () => {
  const path = localSocketPath(folder);
  if (process.platform !== 'win32') writeFileSync(path, '');
  const socket = await startLocalSocket({ app: createAppDouble(), path });
  const connection = await connectLocalSocket(path);
  expect(connection).not.toBeNull();
  connection?.close();
  await socket.close();
});

test('nobody there is not an error', async () => {
  const path = localSocketPath(folder);
  expect(await connectLocalSocket(path)).toBeNull();
  if (process.platform !== 'win32') writeFileSync(path, '');
  expect(await connectLocalSocket(path)).toBeNull();
});

test.skipIf(process.platform === 'win32')(
  'a deep data folder gets its socket in a private temporary folder',
  async () => {
    const deep = join(folder, 'x'.repeat(100));
    const path = localSocketPath(deep);
    expect(Buffer.byteLength(path)).toBeLessThan(100);
    expect(localSocketPath(deep)).toBe(path);
    expect(localSocketPath(`${deep}y`)).not.toBe(path);
    const socket = await startLocalSocket({ app: createAppDouble(), path });
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    await socket.close();
  },
);
