import { createHash } from 'node:crypto';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import type { RemoteFiles } from './remote-files.ts';

const digestFirst = /^\\?([0-9a-f]{64})\s/;

/** Tools that print a SHA-256, the most usual first: of a file, of their input, and how each prints it. */
const tools = [
  { file: (path: string) => `sha256sum -- ${path}`, input: 'sha256sum', output: digestFirst },
  { file: (path: string) => `busybox sha256sum -- ${path}`, input: 'busybox sha256sum', output: digestFirst },
  {
    file: (path: string) => `openssl dgst -sha256 < ${path}`,
    input: 'openssl dgst -sha256',
    output: /([0-9a-f]{64})\s*$/,
  },
  { file: (path: string) => `shasum -a 256 -- ${path}`, input: 'shasum -a 256', output: digestFirst },
];

export const mebibyte = 1024 * 1024;

/** The SHA-256 of a file on the device, by the device's own tool, or by reading all of it back where it has none. */
export async function remoteSha256(
  connection: SshConnection,
  files: RemoteFiles,
  path: string,
  commandMs: number,
): Promise<string> {
  const found = await toolSha256(connection, path, commandMs);
  if (found !== undefined) return found;
  const hash = createHash('sha256');
  await files.read(path, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

/** The SHA-256 of a file by the device's own tool; `undefined` where it has none. */
export function toolSha256(connection: SshConnection, path: string, commandMs: number): Promise<string | undefined> {
  return firstDigest(connection, commandMs, ({ file }) => file(shellQuote(path)));
}

/** The same for the first mebibytes of a file. */
export function toolSha256OfPrefix(
  connection: SshConnection,
  path: string,
  mebibytes: number,
  commandMs: number,
): Promise<string | undefined> {
  const start = `dd if=${shellQuote(path)} bs=${mebibyte} count=${mebibytes} 2>/dev/null`;
  return firstDigest(connection, commandMs, ({ input }) => `${start} | ${input}`);
}

async function firstDigest(
  connection: SshConnection,
  commandMs: number,
  command: (tool: (typeof tools)[number]) => string,
): Promise<string | undefined> {
  for (const tool of tools) {
    const result = await execWherePossible(connection, command(tool), commandMs);
    const found = result?.exitCode === 0 ? tool.output.exec(result.stdout)?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
