import { createHash } from 'node:crypto';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import type { RemoteFiles } from './remote-files.ts';

/** Tools that print a SHA-256, the most usual first, and how each prints it. */
const tools = [
  { command: (path: string) => `sha256sum -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
  { command: (path: string) => `busybox sha256sum -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
  { command: (path: string) => `openssl dgst -sha256 < ${path}`, output: /([0-9a-f]{64})\s*$/ },
  { command: (path: string) => `shasum -a 256 -- ${path}`, output: /^\\?([0-9a-f]{64})\s/ },
];

/** The SHA-256 of a file on the device, by the device's own tool, or by reading all of it back where it has none. */
export async function remoteSha256(
  connection: SshConnection,
  files: RemoteFiles,
  path: string,
  commandMs: number,
): Promise<string> {
  for (const tool of tools) {
    const printed = await runTool(connection, tool.command(shellQuote(path)), commandMs);
    const found = printed === undefined ? undefined : tool.output.exec(printed)?.[1];
    if (found !== undefined) return found;
  }
  const hash = createHash('sha256');
  await files.read(path, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

/** Standard output of a tool that succeeded; `undefined` where the tool or exec itself is not to be had. */
async function runTool(connection: SshConnection, command: string, timeoutMs: number): Promise<string | undefined> {
  const result = await execWherePossible(connection, command, timeoutMs);
  return result?.exitCode === 0 ? result.stdout : undefined;
}
