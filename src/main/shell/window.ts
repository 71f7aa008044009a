import { app, BrowserWindow, nativeTheme } from 'electron';
import type { Page } from './page.ts';

/** Seen for a moment before the page is drawn: its `--background` (src/renderer/styles/tokens.css). */
const background = { dark: '#10151d', light: '#f5f6f8' };

/** Opens the window, and shows it when its first frame is drawn. */
export function openWindow(options: { preload: string; page: Page }): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Pushrod',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.loadURL(options.page.url).catch((thrown: unknown) => {
    console.error(`The page ${options.page.url} did not load:`, thrown);
    window.show();
  });
}

/** Brings the window to the front. @returns false when there is none */
export function showWindow(): boolean {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return false;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return true;
}
