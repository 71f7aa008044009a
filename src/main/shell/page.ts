import { app } from 'electron';

/** Where the window's page comes from; nothing else is ever loaded or listened to. */
export interface Page {
  url: string;
  origin: string;
}

export const pageScheme = 'app';
export const pageHost = 'pushrod';

const builtIn: Page = { url: `${pageScheme}://${pageHost}/`, origin: `${pageScheme}://${pageHost}` };

/** While developing, electron-vite serves the page itself; a packaged app never takes an address from its environment. */
export function pageOf(environment: NodeJS.ProcessEnv): Page {
  const url = environment.ELECTRON_RENDERER_URL;
  if (app.isPackaged || url === undefined) return builtIn;
  return { url, origin: new URL(url).origin };
}

/** `URL.origin` is `null` for a scheme of our own, so it is put together here. */
export function isOnPage(page: Page, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}` === page.origin;
}
