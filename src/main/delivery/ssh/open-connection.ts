import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import type { DeliveryObserver, SshHost, SshJob } from '../delivery.ts';
import { type Attempt, attemptsOf } from './attempts.ts';
import { logIn, type SshConnection } from './connection.ts';
import { openSocket, openThrough } from './open-stream.ts';
import { createTalk } from './talk.ts';

/** A device, and how it is reached and logged in to. */
export type Target = SshHost & Pick<SshJob, 'via' | 'legacyAlgorithms' | 'timeouts'>;

/**
 * Connects and logs in, through all jump hosts. Each host's key is decided before anything is shown to that host. When
 * the connection ends, those of the jump hosts end with it, and the other way round.
 */
export async function openConnection(
  target: Target,
  decideHostKey: DeliveryObserver['decideHostKey'],
  signal: AbortSignal,
): Promise<SshConnection> {
  const { via, legacyAlgorithms, timeouts } = target;
  const context = { timeouts, decideHostKey, signal };
  let last: SshConnection | undefined;
  try {
    for (const hop of via) {
      const at = `Jump host ${formatAddress(hop.host, hop.port)}`;
      last = await enter({ ...context, at, host: hop, through: last, legacyAlgorithms: false });
    }
    return await enter({
      ...{ ...context, legacyAlgorithms, through: last },
      ...{ at: formatAddress(target.host, target.port), host: target },
    });
  } catch (thrown) {
    last?.close();
    throw thrown;
  }
}

interface Entering extends Pick<Target, 'timeouts' | 'legacyAlgorithms'> {
  at: string;
  host: SshHost;
  through: SshConnection | undefined;
  decideHostKey: DeliveryObserver['decideHostKey'];
  signal: AbortSignal;
}

/** Tries all logins, on a connection of its own for each user: a host lets nobody change the user (RFC 4252 5). */
async function enter({ host, through, ...entering }: Entering): Promise<SshConnection> {
  const { at, timeouts, signal, decideHostKey } = entering;
  const talk = createTalk();
  const attempts = await attemptsOf(host.logins, talk, timeouts.connectMs);
  let refusal = talk.refusal(at);
  for (const ofOneUser of byUser(attempts)) {
    const stream = through
      ? await openThrough(through, host, timeouts.connectMs)
      : await openSocket(host, at, timeouts.connectMs, signal);
    try {
      const entered = await logIn({
        ...{ ...entering, stream, through, talk, attempts: ofOneUser, knownHostKeyTypes: host.knownHostKeyTypes },
        decideHostKey: (key) => decideHostKey(host.knownAs ?? host, key),
      });
      entered.onEnd(() => through?.close());
      return entered;
    } catch (thrown) {
      const isRefusal = thrown instanceof PushrodError && thrown.code === 'AUTH_FAILED';
      if (!isRefusal) throw thrown;
      refusal = thrown;
    }
  }
  throw refusal;
}

/** Attempts that follow each other and are of one user, together. */
function byUser(attempts: readonly Attempt[]): Attempt[][] {
  const groups: Attempt[][] = [];
  for (const attempt of attempts) {
    const group = groups.at(-1);
    if (group?.[0]?.username === attempt.username) group.push(attempt);
    else groups.push([attempt]);
  }
  return groups;
}
