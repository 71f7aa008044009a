import { type ErrorCode, PushrodError, toPushrodError } from '../../shared/errors.ts';
import { type Device, type DeviceStatus, formatAddress } from '../../shared/model/index.ts';
import { type Delivery, type Endpoint, openSocket, type Visit } from '../delivery/index.ts';
import { type DeviceEndpoint, endpointOf, planVisit, type VisitSources } from '../updates/index.ts';

/** What was seen of a device. */
export interface Seen {
  status: DeviceStatus;
  version?: string | undefined;
  /** Why it is not online, or did not tell its version. */
  error?: PushrodError | undefined;
}

export interface LookSources extends VisitSources {
  delivery: Pick<Delivery, 'visit'>;
}

/**
 * Whether a device can be reached; where its `version` is wanted, and its profile says how to ask, also which one it runs.
 * A host key or certificate that is not known yet stays unknown: the device is online, and is not logged in to. Rejects
 * only when `signal` aborts.
 */
export async function look(
  sources: LookSources,
  device: Device,
  wanted: 'presence' | 'version',
  signal: AbortSignal,
): Promise<Seen> {
  let endpoint: DeviceEndpoint | undefined;
  try {
    endpoint = endpointOf(device, sources.profiles);
    const isAsked = wanted === 'version' && asksVersion(endpoint);
    if (!isAsked && isDirect(endpoint)) return await probe(endpoint, signal);
    return await visit(sources, planVisit(sources, device), signal);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toPushrodError(thrown);
    if (!endpoint || !isDirect(endpoint)) return { status: 'unknown', error };
    return { error, ...(await probe(endpoint, signal)) };
  }
}

/** Whether a device is looked for without a login on the way; `false` also where its profile or address cannot be used. */
export function isReachedDirectly(device: Device, profiles: VisitSources['profiles']): boolean {
  try {
    return isDirect(endpointOf(device, profiles));
  } catch {
    return false;
  }
}

/** Without jump hosts the device's port says by itself whether it is there. */
const isDirect = ({ profile }: DeviceEndpoint) => profile.jumpHost === undefined;

const asksVersion = ({ profile }: DeviceEndpoint) =>
  profile.versionCommand !== undefined || profile.http?.versionPath !== undefined;

/** Whether the device's port takes a connection, which is then ended without a word. */
async function probe(endpoint: DeviceEndpoint, signal: AbortSignal): Promise<Seen> {
  const { host, port, profile } = endpoint;
  try {
    const socket = await openSocket(endpoint, formatAddress(host, port), profile.timeouts.connectMs, signal);
    socket.destroy();
    return { status: 'online' };
  } catch (thrown) {
    signal.throwIfAborted();
    return { status: 'offline', error: toPushrodError(thrown) };
  }
}

async function visit(
  { delivery, hosts, certificates }: LookSources,
  visited: Visit,
  signal: AbortSignal,
): Promise<Seen> {
  const known = visited.transport === 'http' ? certificates : hosts;
  const keysShownBy = new Set<string>();
  let version: string | undefined;
  try {
    await delivery.visit(
      visited,
      {
        foundVersion: (found) => {
          version = found;
        },
        async decideHostKey(at, key) {
          keysShownBy.add(nameOf(at));
          return known.decide(at.host, at.port, key, 'strict');
        },
      },
      signal,
    );
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toPushrodError(thrown);
    return { status: statusAfter(error, visited, keysShownBy), error };
  }
  if (version !== undefined || !wantsVersion(visited)) return { status: 'online', version };
  const message = `${nameOf(visited)} did not tell which version it runs.`;
  return { status: 'online', error: new PushrodError('DEVICE_ERROR', message) };
}

const nameOf = ({ host, port }: Endpoint) => formatAddress(host, port);

/** Where its key is decided on. */
const knownAs = (visited: Visit): Endpoint => (visited.transport === 'ssh' && visited.knownAs) || visited;

const wantsVersion = (visited: Visit) =>
  visited.transport === 'http' ? visited.version !== undefined : visited.commands.version !== undefined;

/** Failures of this laptop, which say nothing of the device. */
const own = new Set<ErrorCode>(['WORKER_CRASHED', 'INTERNAL']);

/** A device that answers badly is there; one behind a jump host that does not let us pass may be. */
function statusAfter({ code }: PushrodError, visited: Visit, keysShownBy: ReadonlySet<string>): DeviceStatus {
  if (keysShownBy.has(nameOf(knownAs(visited)))) return 'online';
  const lastHop = visited.transport === 'ssh' ? visited.via.at(-1) : undefined;
  if (own.has(code) || (lastHop && !keysShownBy.has(nameOf(lastHop)))) return 'unknown';
  if (code === 'UNREACHABLE') return 'offline';
  return lastHop ? 'unknown' : 'online';
}
