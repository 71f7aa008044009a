/** The desktop window around the core: the only folder that knows Electron. */
import { app } from 'electron';
import { type App, createApp, type Threads } from '../app.ts';
import { type LocalSocket, localSocketPath, startLocalSocket } from '../server/index.ts';
import { closeBeforeQuit } from './close-before-quit.ts';
import { chooseDataDir } from './data-dir.ts';
import { setMenu } from './menu.ts';
import { pageOf } from './page.ts';
import { connectPages } from './page-port.ts';
import { lookOnWake } from './power.ts';
import { registerPageScheme, servePage } from './protocol.ts';
import { lockDown } from './security.ts';
import { becomeSingleInstance } from './single-instance.ts';
import { failStart } from './start-failure.ts';
import { openWindow, showWindow } from './window.ts';

export interface ShellPaths {
  /** The built programs of the threads. */
  threads: Threads;
  /** The built preload script, CommonJS. */
  preload: string;
  /** The folder of the built page. */
  rendererDir: string;
}

/** Opens the core and its window. Ends the program, with a message, where that cannot be. */
export async function startShell(paths: ShellPaths): Promise<void> {
  try {
    await start(paths);
  } catch (thrown) {
    failStart(thrown);
  }
}

async function start(paths: ShellPaths): Promise<void> {
  const dataDir = chooseDataDir(process.argv, process.env);
  if (!becomeSingleInstance(showWindow)) return;
  app.enableSandbox();
  registerPageScheme();
  const page = pageOf(process.env);
  lockDown(page);
  await app.whenReady();
  servePage(paths.rendererDir);
  setMenu();
  const core = await createApp({ dataDir, threads: paths.threads, withoutRegistry: true });
  const terminal = await openTerminalDoor(core, dataDir);
  closeBeforeQuit([() => terminal?.close(), () => core.close()]);
  connectPages(core, page);
  core.carryOn();
  lookOnWake(core);
  const open = () => openWindow({ preload: paths.preload, page });
  app.on('activate', () => showWindow() || open());
  open();
}

/** The window works without terminals, which is better than no window at all. */
async function openTerminalDoor(core: App, dataDir: string): Promise<LocalSocket | null> {
  try {
    return await startLocalSocket({ app: core, path: localSocketPath(dataDir) });
  } catch (thrown) {
    console.error('Terminals on this laptop cannot reach this Pushrod:', thrown);
    return null;
  }
}
