import type { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterEach, expect, test, vi } from 'vitest';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import type { App } from '../app.ts';

/** Stands in for Electron, whose binary a test machine need not have: it says what it was asked to do. */
const electron = vi.hoisted(() => ({
  exits: [] as number[],
  boxes: [] as string[],
  paths: {} as Record<string, string>,
  isPackaged: false,
}));

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events');
  return {
    app: Object.defineProperty(
      Object.assign(new EventEmitter(), {
        exit: (code: number) => electron.exits.push(code),
        quit: () => {},
        setPath: (name: string, path: string) => {
          electron.paths[name] = path;
        },
      }),
      'isPackaged',
      { get: () => electron.isPackaged },
    ),
    dialog: { showErrorBox: (_title: string, content: string) => electron.boxes.push(content) },
    ipcMain: new EventEmitter(),
  };
});

const { app, ipcMain } = (await import('electron')) as unknown as { app: EventEmitter; ipcMain: EventEmitter };
const { chooseDataDir } = await import('./data-dir.ts');
const { isOnPage, pageOf } = await import('./page.ts');
const { connectPages } = await import('./page-port.ts');
const { failStart } = await import('./start-failure.ts');
const { closeBeforeQuit } = await import('./close-before-quit.ts');
const { implement } = await import('@orpc/server');
const { contract } = await import('../../shared/contract/index.ts');

afterEach(() => {
  electron.exits = [];
  electron.boxes = [];
  electron.isPackaged = false;
  app.removeAllListeners();
  ipcMain.removeAllListeners();
});

test('the page is app://pushrod/, and a packaged app takes no other from its environment', () => {
  expect(pageOf({})).toEqual({ url: 'app://pushrod/', origin: 'app://pushrod' });
  expect(pageOf({ ELECTRON_RENDERER_URL: 'http://localhost:5173/' }).origin).toBe('http://localhost:5173');
  electron.isPackaged = true;
  expect(pageOf({ ELECTRON_RENDERER_URL: 'http://evil.example/' }).origin).toBe('app://pushrod');
});

test.each([
  ['app://pushrod/', true],
  ['app://pushrod/#devices', true],
  ['app://pushrod.evil/', false],
  ['app://evil/', false],
  ['https://pushrod/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['', false],
])('the window may go to %s: %s', (url, allowed) => {
  expect(isOnPage(pageOf({}), url)).toBe(allowed);
});

test('only the page itself gets a port to the core', async () => {
  const os = implement(contract).$context<{ door: string }>();
  const router = { firmware: { list: os.firmware.list.handler(() => ({ firmware: [] })) } };
  const core = { router } as unknown as App;
  connectPages(core, pageOf({}));

  const stranger = new MessageChannel();
  const closed = new Promise((resolve) => stranger.port1.once('close', resolve));
  ipcMain.emit('pushrod:connect', {
    ports: [stranger.port2],
    senderFrame: { parent: null, origin: 'https://evil.example' },
  });
  await closed;
  const framed = new MessageChannel();
  const framedClosed = new Promise((resolve) => framed.port1.once('close', resolve));
  ipcMain.emit('pushrod:connect', { ports: [framed.port2], senderFrame: { parent: {}, origin: 'app://pushrod' } });
  await framedClosed;
  ipcMain.emit('pushrod:connect', { ports: [], senderFrame: null });

  const { port1, port2 } = new MessageChannel();
  ipcMain.emit('pushrod:connect', { ports: [port2], senderFrame: { parent: null, origin: 'app://pushrod' } });
  const link = new RPCLink({ port: port1 as unknown as ConstructorParameters<typeof RPCLink>[0]['port'] });
  port1.start();
  expect(await createORPCClient<PushrodClient>(link).firmware.list()).toEqual({ firmware: [] });
  port1.close();
});

test('a start that fails says what to do and ends with the exit code of the terminal', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  failStart(new PushrodError('DATA_FOLDER_IN_USE', 'The folder is in use.'));
  failStart(new PushrodError('DATA_FOLDER_TOO_NEW', 'The folder is newer.'));
  failStart(new TypeError('a fault'));
  expect(electron.exits).toEqual([5, 5, 1]);
  expect(electron.boxes[0]).toMatch(/^The folder is in use\.\n\nClose the other Pushrod/);
  vi.restoreAllMocks();
});

test('the data folder is the one given, and holds the files of the window too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushrod-shell-'));
  const given = join(folder, 'given');
  expect(
    chooseDataDir(['electron', '.', '--inspect=0', '--data', given], { PUSHROD_DATA: join(folder, 'other') }),
  ).toBe(given);
  expect(electron.paths.userData).toBe(join(given, 'window'));
  expect(existsSync(join(given, 'window'))).toBe(true);
  expect(chooseDataDir(['Pushrod'], { PUSHROD_DATA: join(folder, 'other') })).toBe(join(folder, 'other'));
  rmSync(folder, { recursive: true });
});

test('quitting closes every part once, in order, even when one fails', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const closed: string[] = [];
  closeBeforeQuit([
    async () => {
      closed.push('terminal');
      throw new Error('already gone');
    },
    async () => {
      closed.push('core');
    },
  ]);
  const event = { preventDefault: vi.fn() };
  app.emit('will-quit', event);
  app.emit('will-quit', event);
  await vi.waitFor(() => expect(electron.exits).toEqual([1]));
  expect(closed).toEqual(['terminal', 'core']);
  expect(event.preventDefault).toHaveBeenCalledTimes(2);
  vi.restoreAllMocks();
});
