import { createHash } from 'node:crypto';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import type { Sftp } from './sftp.ts';

/** Tools that print a SHA-256, the most usual first, and how each prints it. */
const tools = [
  { command: (path: string) => `sha256sum -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
  { command: (path: string) => `busybox sha256sum -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
  { command: (path: string) => `openssl dgst -sha256 < ${path}`, output: /([0-9a-f]{64})\s*$/ },
  { command: (path: string) => `shasum -a 256 -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
];

const readBytes = 255 * 1024;

/** The SHA-256 of a file on the device, by the device's own tool, or by reading all of it back where it has none. */
export async function remoteSha256(
  connection: SshConnection,
  sftp: Sftp,
  path: string,
  commandMs: number,
): Promise<string> {
  for (const tool of tools) {
    const printed = await runTool(connection, tool.command(shellQuote(path)), commandMs);
    const found = printed === undefined ? undefined : tool.output.exec(printed)?.[1];
    if (found !== undefined) return found;
  }
  return readBack(sftp, path);
}

/** Standard output of a tool that succeeded; `undefined` where the tool or exec itself is not to be had. */
async function runTool(connection: SshConnection, command: string, timeoutMs: number): Promise<string | undefined> {
  const result = await execWherePossible(connection, command, timeoutMs);
  return result?.exitCode === 0 ? result.stdout : undefined;
}

async function readBack(sftp: Sftp, path: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  const handle = await sftp.open(path, 'r');
  let position = 0;
  for (;;) {
    const length = await sftp.read(handle, buffer, position);
    if (length === 0) break;
    hash.update(buffer.subarray(0, length));
    position += length;
  }
  await sftp.closeHandle(handle);
  return hash.digest('hex');
}
