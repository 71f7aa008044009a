import { PushrodError } from '../../../shared/errors.ts';
import { openConnection } from './connection.ts';

const scanned = new PushrodError('CANCELLED', 'The host key was read.');

/** Reads the key a host shows, as ssh-keyscan(1) does: the connection ends before any credential is sent. */
export async function scanHostKey(host: string, port: number, timeoutMs: number): Promise<Buffer> {
  let shown: Buffer | undefined;
  const target = {
    host,
    port,
    login: { username: 'pushrod', secret: { kind: 'password', password: '' } as const },
    knownHostKeyTypes: [],
    timeouts: { connectMs: timeoutMs, commandMs: timeoutMs, transferMs: timeoutMs },
  };
  const keep = async (key: Buffer) => {
    shown = key;
    return { trusted: false, error: scanned } as const;
  };
  try {
    const connection = await openConnection(target, keep, new AbortController().signal);
    connection.close();
  } catch (thrown) {
    if (thrown !== scanned) throw thrown;
  }
  if (!shown) throw new PushrodError('DEVICE_ERROR', `${host} showed no host key.`);
  return shown;
}
