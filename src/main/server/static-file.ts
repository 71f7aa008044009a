import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { securityHeaders } from './page-headers.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface StaticFile {
  bytes: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

/**
 * Reads one file of the built page, with the headers it is served with.
 * @param pathname as in the URL, still percent-encoded; `/` is `index.html`
 * @returns `null` for what is not a file of the page, and for every path that tries to leave its folder
 */
export async function readStaticFile(rendererDir: string, pathname: string): Promise<StaticFile | null> {
  const segments = safeSegments(pathname === '/' ? '/index.html' : pathname);
  if (segments === null) return null;
  const type = mimeTypes[extname(segments.at(-1) ?? '')];
  if (type === undefined) return null;
  try {
    const bytes = await readFile(join(rendererDir, ...segments));
    return { bytes, headers: { ...securityHeaders, 'Content-Type': type, 'Cache-Control': cachingOf(segments) } };
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** Only plain names: no `..`, no dot files, nothing that a file system reads as a separator, drive or stream. */
function safeSegments(pathname: string): string[] | null {
  try {
    const segments = decodeURIComponent(pathname).split('/').slice(1);
    return segments.every((segment) => /^[\w-][\w.@-]*$/.test(segment)) ? segments : null;
  } catch {
    return null;
  }
}

/** Vite names the files in `assets/` by their content, so a name never changes its meaning. */
function cachingOf(segments: string[]): string {
  if (segments[0] === 'assets') return 'public, max-age=31536000, immutable';
  return segments.at(-1) === 'index.html' ? 'no-store' : 'no-cache';
}

function isMissing(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
