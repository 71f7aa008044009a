import { PushrodError } from '../../shared/errors.ts';
import { formatAddress, type Slot } from '../../shared/model/index.ts';
import { type Delivery, type Endpoint, scanHostKey } from '../delivery/index.ts';
import type { HostKeyDecision, KnownHosts } from '../hosts/index.ts';
import { type DeviceEndpoint, planSshQuestion, type VisitSources } from '../updates/index.ts';

/** What a board says it is, and the key it showed while it said so. */
export interface Board {
  serial: string;
  key: Buffer;
}

export interface IdentifySources extends VisitSources {
  delivery: Pick<Delivery, 'visit'>;
}

/** The key of whatever is at a slot's address now; nothing is shown to it. @throws PushrodError */
export async function lookAt({ host, port, profile }: DeviceEndpoint, signal: AbortSignal): Promise<Buffer> {
  const { timeouts, legacyAlgorithms } = profile;
  const { key } = await scanHostKey({ host, port, via: [], timeouts, legacyAlgorithms }, () => 'wanted', signal);
  return key;
}

/**
 * Logs in to the board that is at a slot's address and asks who it is. Whatever key it shows is taken, unless it was
 * revoked: that is what a slot is for.
 * @throws PushrodError `AUTH_FAILED`, `HOST_KEY_REVOKED`, `DEVICE_ERROR` when it does not say who it is, `UNREACHABLE`, …
 */
export async function identify(
  sources: IdentifySources,
  endpoint: DeviceEndpoint,
  { identityCommand, identityPattern }: Slot,
  signal: AbortSignal,
): Promise<Board> {
  const question = { command: identityCommand, pattern: identityPattern };
  let serial: string | undefined;
  let key: Buffer | undefined;
  await sources.delivery.visit(
    planSshQuestion(sources, endpoint, question),
    {
      foundVersion: (said) => {
        serial = said;
      },
      async decideHostKey(at, shown) {
        key = shown;
        return anyButRevoked(sources.hosts, at, shown);
      },
    },
    signal,
  );
  if (serial !== undefined && key !== undefined) return { serial, key };
  const at = formatAddress(endpoint.host, endpoint.port);
  throw new PushrodError(
    'DEVICE_ERROR',
    `The board at ${at} does not say who it is: "${identityCommand}" told nothing.`,
  );
}

function anyButRevoked(hosts: KnownHosts, { host, port }: Endpoint, key: Buffer): HostKeyDecision {
  const decision = hosts.decide(host, port, key, 'strict');
  return !decision.trusted && decision.error.code === 'HOST_KEY_REVOKED' ? decision : { trusted: true };
}
