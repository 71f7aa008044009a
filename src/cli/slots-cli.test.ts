import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DeviceSummary } from '../../test/harness/index.ts';
import { cliJson, freePort, runCli, setProfile, spawnCli, temporaryDir } from '../../test/harness/index.ts';
import type { Device, DevicesChecked, HostKey, NamedSlot, SlotStatus } from '../shared/model/index.ts';
import { type Board, boardLogin, startBoard } from '../simulator/index.ts';

const dir = temporaryDir();
const firmwareFile = join(dir, 'line-1.0.0.bin');
writeFileSync(firmwareFile, 'firmware of the line');
let folders = 0;
let dataDir: string;
let port: number;
let board: Board | undefined;

beforeEach(async () => {
  dataDir = join(dir, `data-${++folders}`);
  port = await freePort();
  const { username, password } = boardLogin;
  await cliJson(dataDir, ['credentials', 'add', 'factory', '--username', username, '--password-stdin'], password);
  await setProfile(dataDir, 'board', {
    ...{ credential: 'factory', remotePath: '/tmp/{firmware.fileName}', versionCommand: 'firmware-version' },
  });
});
afterEach(async () => {
  await board?.close();
  board = undefined;
});

const add = (...more: string[]) => [
  ...['slots', 'add', 'left', '--address', `127.0.0.1:${port}`, '--profile', 'board'],
  ...['--identity', 'cat /etc/serial', ...more],
];

it('keeps slots, and says what is wrong with one', async () => {
  const pattern = '(SN-\\d+)';
  expect(await cliJson<NamedSlot>(dataDir, add('--identity-pattern', pattern))).toMatchObject({
    ...{ name: 'left', identityCommand: 'cat /etc/serial', identityPattern: pattern, firmware: [] },
  });
  const list = await runCli(dataDir, ['slots', 'list']);
  expect(list.stdout).toMatch(/left +127\.0\.0\.1:\d+ +board +cat \/etc\/serial/);
  for (const [args, code, errorCode] of [
    [['slots', 'run', 'left'], 2, 'INVALID_INPUT'],
    [['slots', 'run', 'right'], 4, 'SLOT_NOT_FOUND'],
    [add('--identity-pattern', '('), 2, 'INVALID_INPUT'],
    [['slots', 'remove', 'right'], 4, 'SLOT_NOT_FOUND'],
    [['slots', 'stop', 'right'], 4, 'SLOT_NOT_FOUND'],
  ] as const) {
    const result = await runCli(dataDir, [...args, '--json']);
    expect([result.code, JSON.parse(result.stdout).error.code]).toEqual([code, errorCode]);
  }
  await cliJson(dataDir, ['slots', 'remove', 'left']);
  expect(await cliJson(dataDir, ['slots', 'list'])).toEqual({ slots: [] });
});

it('flashes what is plugged in, tells each state as a line of JSON, and ends with Ctrl-C', async () => {
  await cliJson(dataDir, add());
  const running = spawnCli(dataDir, ['slots', 'run', 'left', '--firmware', firmwareFile, '--json']);
  const states: string[] = [];
  let last: SlotStatus | undefined;
  for await (const line of running.lines) {
    last = JSON.parse(line) as SlotStatus;
    if (states.at(-1) !== last.state) states.push(last.state);
    if (last.state === 'waiting') board ??= await startBoard({ port, serial: 'SN-7' });
    if (last.state === 'done') running.child.kill('SIGINT');
  }
  // What lasts less than a frame, such as flashing, may go untold.
  expect(states.filter((state) => ['waiting', 'done', 'off'].includes(state))).toEqual(['waiting', 'done', 'off']);
  expect(last).toMatchObject({ type: 'slot', name: 'left', flashed: 1, failed: 0 });
  expect((await running.ended).code).toBe(0);
  // Whatever else is done with the board later goes by the key that is remembered under its serial.
  const device = ['--device', 'SN-7'];
  const { devices } = await cliJson<DevicesChecked>(dataDir, ['devices', 'check', ...device]);
  expect(devices).toEqual([expect.objectContaining({ id: 'SN-7', status: 'online', firmwareVersion: '0.1.0' })]);
  expect(devices[0]).not.toHaveProperty('errorCode');
  expect(await cliJson(dataDir, ['hosts', 'forget', 'SN-7'])).toEqual({ forgotten: 1 });
  expect(await cliJson<HostKey>(dataDir, ['hosts', 'trust', 'SN-7', '--scan'])).toMatchObject({ host: 'serial:sn-7' });
});

it('stops from another terminal, and the one that follows ends', async () => {
  await cliJson(dataDir, add('--firmware', firmwareFile));
  const running = spawnCli(dataDir, ['slots', 'run', '--json']);
  for await (const line of running.lines) {
    const { state } = JSON.parse(line) as SlotStatus;
    if (state === 'waiting') expect(await cliJson(dataDir, ['slots', 'stop', 'left'])).toEqual({ stopped: 'left' });
  }
  const { code, stdout } = await running.ended;
  expect([code, JSON.parse(stdout.trim().split('\n').at(-1) ?? '').state]).toEqual([0, 'off']);
});

/** Once the push has looked for the device, and found nobody. */
async function pluggedInLate(): Promise<Board> {
  const found = () => cliJson<Device>(dataDir, ['devices', 'get', 'late']);
  await vi.waitFor(async () => expect((await found()).status).toBe('offline'), { timeout: 60_000, interval: 200 });
  return startBoard({ port, serial: 'SN-8' });
}

it('a push on connect begins when the device appears at its address', async () => {
  await cliJson(dataDir, [
    ...['devices', 'add', '--id', 'late', '--name', 'late', '--address', `127.0.0.1:${port}`, '--profile', 'board'],
  ]);
  const push = spawnCli(dataDir, ['push', '--firmware', firmwareFile, '--device', 'late', '--on-connect', '--json']);
  let summary: { devices: DeviceSummary[] } | undefined;
  for await (const line of push.lines) {
    const said = JSON.parse(line);
    board ??= await pluggedInLate();
    if (said.type === 'summary') summary = said;
  }
  expect(summary?.devices).toMatchObject([{ deviceId: 'late', state: 'succeeded', attempts: 1 }]);
  expect((await push.ended).code).toBe(0);
});
