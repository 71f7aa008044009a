import { createHash } from 'node:crypto';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import type { RemoteFiles } from './remote-files.ts';

/**
 * Tools that print the SHA-256 of their input, the quickest first: OpenSSL uses the processor's own instructions, three
 * times as fast as the tool of coreutils. `sha256sum` prints the digest and a dash, OpenSSL a label and the digest.
 */
const tools = ['openssl dgst -sha256', 'sha256sum', 'busybox sha256sum', 'shasum -a 256'];
const digest = /(?:^|= ?)([0-9a-f]{64})(?:\s|$)/m;

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
  return firstDigest(connection, commandMs, (tool) => `${tool} < ${shellQuote(path)}`);
}

/** The same for the first mebibytes of a file. */
export function toolSha256OfPrefix(
  connection: SshConnection,
  path: string,
  mebibytes: number,
  commandMs: number,
): Promise<string | undefined> {
  const start = `dd if=${shellQuote(path)} bs=${mebibyte} count=${mebibytes} 2>/dev/null`;
  return firstDigest(connection, commandMs, (tool) => `${start} | ${tool}`);
}

/** One command tries the tools in turn, so that those which are missing cost no round trips. */
async function firstDigest(
  connection: SshConnection,
  commandMs: number,
  hashWith: (tool: string) => string,
): Promise<string | undefined> {
  const result = await execWherePossible(connection, tools.map(hashWith).join(' || '), commandMs);
  return result?.exitCode === 0 ? digest.exec(result.stdout)?.[1] : undefined;
}
