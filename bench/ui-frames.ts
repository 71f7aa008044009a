import { setTimeout as delay } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { App } from '../src/main/app.ts';
import type { Door } from '../src/main/door.ts';
import { contract } from '../src/shared/contract/index.ts';
import { type DeviceUpdate, deviceUpdate, type Update, update, updateId } from '../src/shared/model/index.ts';

const mib = 1024 * 1024;
const size = 24 * mib;
const frameMs = 100;
const os = implement(contract).$context<{ door: Door }>();

/** An update as the core would stream it, in which each frame changes as many devices as it is told to. */
export interface FramedUpdate {
  readonly app: App;
  readonly id: string;
  /** Streams frames; their number is the update's name. `pace` is 10 a second, or as fast as they are taken. */
  stream(frames: number, changedEach: number, pace: 'live' | 'fast'): Promise<void>;
}

/** The core with one update whose frames are made here: what the page makes of them is measured, not the transfers. */
export function withFramedUpdate(app: App, devices: number): FramedUpdate {
  const id = updateId.parse('framed');
  const all = Array.from({ length: devices }, (_, index) => deviceAt(index, 0));
  let frame = 0;
  let push: ((frame: { update: Update; devices: DeviceUpdate[] }) => void) | undefined;

  const now = () => updateAt(id, devices, frame);
  const watch = os.updates.watch.handler(async function* ({ signal }) {
    yield { type: 'snapshot' as const, update: now(), devices: all };
    while (!signal?.aborted) {
      const changes = await new Promise<{ update: Update; devices: DeviceUpdate[] }>((resolve) => {
        push = resolve;
        signal?.addEventListener('abort', () => resolve({ update: now(), devices: [] }), { once: true });
      });
      yield { type: 'changes' as const, ...changes };
    }
  });
  const get = os.updates.get.handler(() => ({ update: now(), devices: all }));
  const outputs = os.updates.outputs.handler(() => ({ outputs: [] }));
  const router = { ...app.router, updates: { ...app.router.updates, watch, get, outputs } } as App['router'];

  /** One frame, once the page asks for the next. */
  async function send(changedEach: number): Promise<void> {
    while (!push) await delay(1);
    const give = push;
    push = undefined;
    frame += 1;
    const changed = Array.from({ length: changedEach }, (_, nth) => {
      const index = (frame * changedEach + nth) % devices;
      all[index] = deviceAt(index, frame);
      return all[index];
    });
    give({ update: now(), devices: changed });
  }

  return {
    app: { ...app, router },
    id,
    async stream(frames, changedEach, pace) {
      for (let sent = 0; sent < frames; sent += 1) {
        await send(changedEach);
        if (pace === 'live') await delay(frameMs);
      }
    },
  };
}

function updateAt(id: Update['id'], devices: number, frame: number): Update {
  return update.parse({
    ...{ id, name: `frame ${frame}`, state: 'running', total: devices, endedAt: null },
    ...{ counts: { transferring: devices }, createdAt: '2026-11-25T02:00:00.000Z' },
    firmware: [{ sha256: 'a'.repeat(64), fileName: 'gateway-2.6.0.bin', version: '2.6.0', sizeBytes: size }],
  });
}

function deviceAt(index: number, frame: number): DeviceUpdate {
  return deviceUpdate.parse({
    ...{ deviceId: `d${index}`, deviceName: `gateway-${index}`, address: `10.0.${index >> 8}.${index & 255}` },
    ...{ state: 'transferring', attempt: 1, bytesTotal: size, bytesSent: (frame * 40_000 + index * 1_000) % size },
    ...{ rateBytesPerSecond: 400_000 + index, method: 'sftp', resumedFrom: 0 },
    ...{ errorCode: null, message: null, hint: null, startedAt: '2026-11-25T02:00:00.000Z', endedAt: null },
  });
}
