import { ipcMain, type WebFrameMain } from 'electron';
import type { App } from '../app.ts';
import { servePort } from '../server/index.ts';
import type { Page } from './page.ts';

/** The one channel there is between page and main; all else goes over the port that comes with it. */
const channel = 'pushrod:connect';

/** Gives each page that asks its own connection to the core. */
export function connectPages(core: App, page: Page): void {
  ipcMain.on(channel, (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (!isPage(event.senderFrame, page)) return port.close();
    // Electron declares a port's events one by one; a message comes wrapped in an event, which servePort knows.
    servePort(port, core, 'window');
  });
}

/** The sender is checked at each call: a frame, or a page that was navigated away, is not the page. */
function isPage(frame: WebFrameMain | null, page: Page): boolean {
  return frame !== null && frame.parent === null && frame.origin === page.origin;
}
