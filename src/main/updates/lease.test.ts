import { expect, it } from 'vitest';
import { PushrodError } from '../../shared/errors.ts';
import type { DeviceUpdate } from '../../shared/model/index.ts';
import type { DeviceLeases } from '../registry/index.ts';
import { withLease } from './lease.ts';

const deviceIn = (state: DeviceUpdate['state']) =>
  ({ deviceId: 'gw', state, message: null }) as unknown as DeviceUpdate;

/** A lease that the test loses, and whether it was given back. */
function oneLease() {
  const lost = new AbortController();
  const seen = { released: 0 };
  const leases: Pick<DeviceLeases, 'acquire'> = {
    acquire: async () => ({
      lost: lost.signal,
      async release() {
        seen.released += 1;
      },
    }),
  };
  return { leases, lose: () => lost.abort(), seen };
}
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    const stop = () => reject(new PushrodError('CANCELLED', 'stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
const idle = { signal: new AbortController().signal, changed: () => undefined };

it('gives the lease back, whether the work succeeds or fails', async () => {
  const { leases, seen } = oneLease();
  await withLease({ ...idle, device: deviceIn('pending'), leases }, async () => undefined);
  const failing = withLease({ ...idle, device: deviceIn('pending'), leases }, async () => {
    throw new PushrodError('AUTH_FAILED', 'no');
  });
  await expect(failing).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  expect(seen.released).toBe(2);
});

it('aborts the work when the lease is lost, for another bench may begin', async () => {
  const { leases, lose } = oneLease();
  const working = withLease({ ...idle, device: deviceIn('transferring'), leases }, untilAborted);
  lose();
  await expect(working).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

it('brings an activation to its end even when the lease is lost', async () => {
  const { leases, lose } = oneLease();
  const end = Promise.withResolvers<void>();
  let aborted = false;
  const working = withLease({ ...idle, device: deviceIn('activating'), leases }, async (signal) => {
    lose();
    await end.promise;
    aborted = signal.aborted;
  });
  end.resolve();
  await working;
  expect(aborted).toBe(false);
});

it('waits, visibly, while another bench holds the device, and stops waiting when it is cancelled', async () => {
  const cancel = new AbortController();
  const device = deviceIn('pending');
  const told: (string | null)[] = [];
  const changed = () => {
    told.push(device.message);
    cancel.abort();
  };
  const leases: Pick<DeviceLeases, 'acquire'> = { acquire: async () => ({ heldBy: 'bench-2' }) };
  const waiting = withLease({ device, leases, signal: cancel.signal, changed }, async () => expect.fail('began'));
  await expect(waiting).rejects.toThrowError();
  expect(told).toEqual(['Waiting: bench-2 is pushing to this device.']);
});
