import { onTestFinished } from 'vitest';
import type { DeliveryStep } from '../../../src/main/delivery/index.ts';
import { type BadLink, type Sshd, startBadLink, startSshd } from '../../harness/index.ts';
import { type Device, type PushOptions, sshDevice } from '../devices.ts';

/** What a fault may need beside its device. */
export interface Bench {
  /** A folder for keys, certificates and tools. */
  dir: string;
  firmware: string;
  sizeBytes: number;
  /** The device over SSH, where nothing else is said. */
  sshd: Sshd;
}

/** Does a fault to a device, for as long as the test runs. Fulfilled with how the device is to be pushed to. */
export type Scenario = (device: Device, bench: Bench) => Faulty | Promise<Faulty>;

export interface Faulty extends PushOptions {
  /** The device to push to, where it took another one. */
  instead?: Device;
}

/** Pushes over a link that can be told to go bad. */
export const overLink =
  (goBad: (link: BadLink, device: Device, bench: Bench) => PushOptions): Scenario =>
  async (device, bench) => {
    const link = await startBadLink(device.port);
    onTestFinished(() => link.close());
    return { port: link.port, ...goBad(link, device, bench) };
  };

/** For a fault that only a timeout ends. */
export const impatient = { timeouts: { connectMs: 2_000, commandMs: 2_000, transferMs: 2_000 } };

/** Does something as a step begins. */
export const at = (when: DeliveryStep, act: () => unknown): Pick<PushOptions, 'onStep'> => ({
  onStep: (step) => void (step === when && act()),
});

/** A device over SSH as the one given, whose sshd is set up otherwise. */
export async function sshdInstead(
  { transport }: Device,
  { firmware }: Bench,
  options: Parameters<typeof startSshd>[0],
): Promise<Device> {
  const sshd = await startSshd(options);
  onTestFinished(() => sshd.stop());
  return sshDevice(sshd, transport === 'sftp' ? 'sftp' : 'exec', 'device', firmware);
}
