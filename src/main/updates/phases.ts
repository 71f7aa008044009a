import type { Device, Phase, Rollout, Share } from '../../shared/model/index.ts';

/** A device's place in an update. */
export interface Placed {
  device: Device;
  /** From 0. */
  phase: number;
  position: number;
}

/** Leaves out the phases that would be without a device: nobody waits for one, or is asked about it. */
export function withoutEmptyPhases(rollout: Rollout, total: number): Rollout {
  const phases: Phase[] = [];
  let end = 0;
  for (const phase of rollout.phases) {
    const reached = Math.min(devicesIn(phase.upTo, total), total);
    if (reached <= end) continue;
    // The last one says that it reaches all.
    phases.push(reached === total ? { ...phase, upTo: { percent: 100 } } : phase);
    end = reached;
  }
  return { ...rollout, phases };
}

/**
 * Puts devices, given by name, into the order and the phases of a roll-out.
 * @param random gives [0, 1)
 */
export function placeDevices(devices: readonly Device[], rollout: Rollout | undefined, random: () => number): Placed[] {
  const ordered = rollout?.order === 'random' ? shuffle(devices, random) : devices;
  const ends = rollout ? rollout.phases.map(({ upTo }) => devicesIn(upTo, devices.length)) : [devices.length];
  return ordered.map((device, position) => ({ device, position, phase: ends.findIndex((end) => position < end) }));
}

/** A percentage is rounded up, so that a first phase is never without a device. */
function devicesIn(share: Share, total: number): number {
  return 'percent' in share ? Math.ceil((share.percent * total) / 100) : share.devices;
}

/** Fisher and Yates (Knuth, TAOCP 2, algorithm P). */
function shuffle<T>(given: readonly T[], random: () => number): T[] {
  const list = [...given];
  for (let end = list.length - 1; end > 0; end -= 1) {
    const pick = Math.floor(random() * (end + 1));
    [list[end], list[pick]] = [list[pick] as T, list[end] as T];
  }
  return list;
}
