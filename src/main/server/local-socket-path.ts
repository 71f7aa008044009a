import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux (unix(7)); this leaves room. */
const maxPathBytes = 100;

/** Where the Pushrod that holds a data folder listens for terminals on the same laptop. */
export function localSocketPath(dataDir: string): string {
  const folder = resolve(dataDir);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\pushrod-${hash}`;
  const inside = join(folder, 'pushrod.sock');
  if (Buffer.byteLength(inside) < maxPathBytes) return inside;
  return join(tmpdir(), `pushrod-${userInfo().uid}`, `${hash}.sock`);
}
