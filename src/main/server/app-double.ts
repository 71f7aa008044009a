import { setTimeout as delay } from 'node:timers/promises';
import { createRouterClient, implement } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import { type ErrorCode, hintFor } from '../../shared/errors.ts';
import type { Device, Firmware, FirmwareInfo } from '../../shared/model/index.ts';
import { device, firmware } from '../../shared/model/index.ts';
import type { App } from '../app.ts';
import type { Door } from '../door.ts';
import type { AppRouter } from '../router.ts';

const os = implement(contract).$context<{ door: Door }>();
const now = '2026-03-29T01:00:00.000Z';

/** A core of a few calls for the tests of the doors: it answers, streams, fails, and says what it was given. */
export interface AppDouble extends App {
  /** Streams of `events.watch` that are open now. */
  openStreams(): number;
  uploads: { info: FirmwareInfo; sizeBytes: number }[];
  doors: Door[];
}

export function createAppDouble(): AppDouble {
  const devices = new Map<string, Device>();
  const uploads: AppDouble['uploads'] = [];
  const doors: Door[] = [];
  let openStreams = 0;

  const router = {
    devices: {
      get: os.devices.get.handler(({ input, errors }) => {
        const found = devices.get(input.id);
        if (found) return found;
        const code: ErrorCode = 'DEVICE_NOT_FOUND';
        throw errors.PUSHROD({ message: `No device ${input.id}`, data: { code, hint: hintFor(code), details: [] } });
      }),
      add: os.devices.add.handler(({ input, context }) => {
        doors.push(context.door);
        const added = device.parse({ ...input, id: input.id ?? 'd1', createdAt: now, updatedAt: now });
        devices.set(added.id, added);
        return added;
      }),
      remove: os.devices.remove.handler(() => {
        throw new TypeError('a stranger at /home/somebody');
      }),
    },
    events: {
      watch: os.events.watch.handler(async function* ({ signal }) {
        openStreams += 1;
        try {
          while (!signal?.aborted) {
            yield { changed: ['devices' as const] };
            await delay(5, undefined, { signal });
          }
        } finally {
          openStreams -= 1;
        }
      }),
    },
  };

  return {
    router: router as unknown as AppRouter,
    client: (door) =>
      createRouterClient(router as unknown as AppRouter, { context: { door } }) as ReturnType<App['client']>,
    async addFirmware(bytes, info): Promise<Firmware> {
      let sizeBytes = 0;
      for await (const chunk of bytes) sizeBytes += chunk.length;
      uploads.push({ info, sizeBytes });
      return firmware.parse({ ...info, sha256: '0'.repeat(64), sizeBytes, addedAt: now });
    },
    carryOn: () => {},
    onWake: () => {},
    close: async () => {},
    openStreams: () => openStreams,
    uploads,
    doors,
  };
}
