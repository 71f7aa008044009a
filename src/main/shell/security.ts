import { app, type Session, type WebContents } from 'electron';
import { isOnPage, type Page } from './page.ts';

/** Everything that leaves the laptop. Files are out of a page's reach by themselves, as its scheme is not `file:`. */
const outside = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'];

/** Denies every page all that Pushrod's page does not need (Electron's security checklist, 4 to 16). */
export function lockDown(page: Page): void {
  app.on('session-created', (session) => denyPermissions(session, page));
  app.on('web-contents-created', (_event, contents) => keepOnPage(contents, page));
}

function keepOnPage(contents: WebContents, page: Page): void {
  contents.on('will-frame-navigate', (details) => {
    if (!isOnPage(page, details.url)) details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    if (!isOnPage(page, details.url)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function denyPermissions(session: Session, page: Page): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false);
  // Nothing is fetched at run time. While developing, the page itself comes over HTTP.
  if (page.origin.startsWith('http')) return;
  session.webRequest.onBeforeRequest({ urls: outside }, (_details, answer) => answer({ cancel: true }));
}
