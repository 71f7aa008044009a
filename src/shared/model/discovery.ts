import { z } from 'zod';
import { device } from './device.ts';

/** Where to look for devices that are not registered yet: in a subnet, among what announces itself, or both. */
export const discoverRequest = z
  .strictObject({
    /** A subnet of this laptop, `192.0.2.0/24`, of at most 4096 addresses. */
    subnet: z.string().max(32).optional(),
    /** TCP ports that are tried at each address of the subnet. */
    ports: z.array(z.int().min(1).max(65535)).min(1, 'name at least one port').max(8, 'over 8 ports').default([22]),
    /** How long devices are listened for that announce themselves by mDNS (`_ssh`, `_sftp-ssh`, `_http`). */
    listenMs: z.int().min(100, 'is under 100 ms').max(60_000, 'is over 60 s').optional(),
  })
  .refine(({ subnet, listenMs }) => subnet !== undefined || listenMs !== undefined, {
    message: 'name a subnet, or say how long to listen',
    path: ['subnet'],
  });
export type DiscoverRequest = z.infer<typeof discoverRequest>;

export const foundDevice = z.object({
  /** `host:port`, as a device is added. */
  address: z.string(),
  /** What it calls itself by mDNS, and the service it offers there (`_ssh._tcp`). */
  announced: z.object({ name: z.string(), service: z.string() }).nullable(),
  /** Of the host key it shows; `null` where it speaks no SSH. */
  keyType: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** The registered device that it is, and how that is known: another host key at the same address is another device. */
  knownAs: device
    .pick({ id: true, name: true, address: true })
    .extend({ matchedBy: z.enum(['hostKey', 'address']) })
    .nullable(),
});
export type FoundDevice = z.infer<typeof foundDevice>;
