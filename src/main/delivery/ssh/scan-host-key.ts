import { PushrodError } from '../../../shared/errors.ts';
import type { HostKeyDecision } from '../../hosts/index.ts';
import type { Endpoint } from '../delivery.ts';
import { openConnection, type Target } from './open-connection.ts';

/** The key a host showed. */
export interface ShownKey extends Endpoint {
  key: Buffer;
}

const scanned = new PushrodError('CANCELLED', 'The host key was read.');

/**
 * Reads the key a host shows, as ssh-keyscan(1) does: its connection ends before any credential is sent to it. Jump
 * hosts on the way are logged in to, if `decideHop` trusts their keys; `wanted` reads that hop's key instead.
 */
export async function scanHostKey(
  target: Omit<Target, 'logins' | 'knownHostKeyTypes'>,
  decideHop: (at: Endpoint, key: Buffer) => HostKeyDecision | 'wanted',
  signal = new AbortController().signal,
): Promise<ShownKey> {
  let shown: ShownKey | undefined;
  const decide = async ({ host, port }: Endpoint, key: Buffer): Promise<HostKeyDecision> => {
    const decision = host === target.host && port === target.port ? 'wanted' : decideHop({ host, port }, key);
    if (decision !== 'wanted') return decision;
    shown = { host, port, key };
    return { trusted: false, error: scanned };
  };
  const nobody = { credential: '', username: 'pushrod', secret: { kind: 'password', password: '' } as const };
  try {
    const connection = await openConnection({ ...target, logins: [nobody], knownHostKeyTypes: [] }, decide, signal);
    connection.close();
  } catch (thrown) {
    if (thrown !== scanned) throw thrown;
  }
  if (!shown) throw new PushrodError('DEVICE_ERROR', `${target.host} showed no host key.`);
  return shown;
}
