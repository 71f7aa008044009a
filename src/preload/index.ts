/**
 * All that the page gets of the desktop: a port to the core, and the path of a file that was dropped or chosen.
 * It runs sandboxed, between the page and the main process.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

const bridge = {
  /**
   * Opens a connection to the core. Its end comes to the page as a `message` event of the window, with
   * `data === 'pushrod:port'` and the port in `ports[0]`: a port cannot cross the context bridge itself.
   */
  connect(): void {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage('pushrod:connect', null, [port2]);
    window.postMessage('pushrod:port', ownOrigin(), [port1]);
  },
  /** Where a file from a drop or an `<input type="file">` lies; empty for a file the page made up. */
  pathOf(file: File): string {
    return webUtils.getPathForFile(file);
  },
};

export type PushrodBridge = typeof bridge;

contextBridge.exposeInMainWorld('pushrod', bridge);

/**
 * The page's origin. A scheme that were not registered as standard would have the opaque origin "null", which is no target;
 * `*` is safe then, because the message goes to this same window, whose page only main chooses.
 */
function ownOrigin(): string {
  return window.location.origin === 'null' ? '*' : window.location.origin;
}
