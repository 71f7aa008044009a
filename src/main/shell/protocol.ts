import { protocol } from 'electron';
import { contentSecurityPolicy, readStaticFile } from '../server/index.ts';
import { pageHost, pageScheme } from './page.ts';

/** Must run before the app is ready. `standard` gives the page an origin; `secure` makes it a secure context. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page at `app://pushrod/`, with the same files, policy and headers as the LAN door. */
export function servePage(rendererDir: string): void {
  protocol.handle(pageScheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === pageHost && request.method === 'GET' ? await readStaticFile(rendererDir, pathname) : null;
    if (file !== null) return new Response(file.bytes, { headers: file.headers });
    return new Response('Not found', { status: 404, headers: { 'Content-Security-Policy': contentSecurityPolicy } });
  });
}
