import type { EventEmitter } from 'node:events';
import createMulticastDns, { type MulticastDNS, type ResponsePacket } from 'multicast-dns';
import { PushrodError } from '../../shared/errors.ts';
import type { Endpoint } from '../delivery/index.ts';

/** Services that firmware is pushed over, by their names at IANA (RFC 6763, 7). */
const services = ['_ssh._tcp', '_sftp-ssh._tcp', '_http._tcp'] as const;

/** Something that says of itself where it listens. */
export interface Announced extends Endpoint {
  /** As its owner named it. */
  name: string;
  service: (typeof services)[number];
}

interface ListenOptions {
  /** IPv4 addresses of the interfaces to listen on. */
  interfaces: readonly string[];
  durationMs: number;
  /** UDP; that of mDNS when left out. */
  port?: number;
}

/** A whole network says less; more is an attack on the memory of this laptop. */
const mostRecords = 4_096;
const longestName = 200;

/**
 * Asks for devices that announce themselves (RFC 6762, 6763), and hears for a while what they say. What they say is not
 * proven: they may name any address. Rejects with the reason of `signal` when that aborts.
 * @throws PushrodError `CONFLICT` where another program keeps the port to itself
 */
export async function listenForAnnounced(
  { interfaces, durationMs, port }: ListenOptions,
  signal: AbortSignal,
): Promise<Announced[]> {
  const heard = createRecords();
  const sockets = interfaces.map((address) =>
    // Bound to the interface's own address it would not hear what is said to the group.
    createMulticastDns({ interface: address, bind: '0.0.0.0', ...(port !== undefined && { port }) }),
  );
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      timer = setTimeout(resolve, durationMs);
      for (const socket of sockets) {
        (socket as EventEmitter).on('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error)));
        socket.on('response', (packet) => ask(socket, heard.take(packet)));
        socket.once('ready', () =>
          ask(
            socket,
            services.map((service) => ({ name: `${service}.local`, type: 'PTR' })),
          ),
        );
      }
    });
    return heard.announced();
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  }
}

interface Question {
  name: string;
  type: 'PTR' | 'SRV' | 'A';
}

const ask = (socket: MulticastDNS, questions: Question[]) => {
  if (questions.length > 0) socket.query({ questions });
};

function createRecords() {
  /** Of an instance, where it listens; of a host, its address. */
  const instances = new Map<string, { name: string; service: Announced['service'] }>();
  const places = new Map<string, { target: string; port: number }>();
  const addresses = new Map<string, string>();
  const asked = new Set<string>();
  const keep = <Value>(records: Map<string, Value>, name: string, value: Value) => {
    if (records.size < mostRecords) records.set(name.toLowerCase(), value);
  };
  const unasked = ({ name, type }: Question) => {
    const isNew = !asked.has(`${type} ${name}`) && asked.size < mostRecords;
    if (isNew) asked.add(`${type} ${name}`);
    return isNew;
  };

  return {
    /** @returns what has to be asked to know where the instances are: mostly it is said along with them */
    take({ answers, additionals }: ResponsePacket): Question[] {
      for (const record of [...answers, ...additionals]) {
        if (record.type === 'A') keep(addresses, record.name, record.data);
        else if (record.type === 'SRV') keep(places, record.name, record.data);
        else if (record.type === 'PTR') {
          const service = services.find((one) => record.name.toLowerCase() === `${one}.local`);
          if (service) keep(instances, record.data, { service, name: plainName(record.data, service) });
        }
      }
      const withoutPlace = [...instances.keys()].filter((name) => !places.has(name));
      const targets = [...instances.keys()].flatMap((name) => places.get(name)?.target.toLowerCase() ?? []);
      const withoutAddress = targets.filter((name) => !addresses.has(name));
      return [
        ...withoutPlace.map((name) => ({ name, type: 'SRV' as const })),
        ...withoutAddress.map((name) => ({ name, type: 'A' as const })),
      ].filter(unasked);
    },
    announced(): Announced[] {
      return [...instances].flatMap(([instance, { name, service }]) => {
        const place = places.get(instance);
        const host = place && addresses.get(place.target.toLowerCase());
        return place && host !== undefined ? [{ host, port: place.port, name, service }] : [];
      });
    },
  };
}

/** The instance's own part of its name, fit to be shown. */
function plainName(instance: string, service: string): string {
  const own = instance.slice(0, -`.${service}.local`.length);
  return own
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, longestName);
}

function cannotListen({ code = 'unknown error' }: NodeJS.ErrnoException): PushrodError {
  const message = `Nothing can be heard of devices that announce themselves (${code}): another program may keep UDP port 5353 to itself.`;
  return new PushrodError('CONFLICT', message);
}
