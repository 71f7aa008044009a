import type { DeviceId } from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { Delivery } from '../delivery/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Sites } from '../sites/index.ts';
import type { Journal } from './journal.ts';
import type { LaptopLimits } from './laptop-limits.ts';
import type { Places } from './places.ts';
import type { PlanSources } from './plan-sources.ts';
import type { Turns } from './turns.ts';

/** What updates are carried out with. */
export interface RunSources extends PlanSources {
  devices: Devices;
  delivery: Pick<Delivery, 'deliver'>;
  sites: Sites;
  journal: Journal;
  clock: Clock;
  random: () => number;
  limits: LaptopLimits;
  /** No two pushes work on one device, or on one path at one address, at the same time. */
  turns: Turns<string>;
  /** No more devices are worked on than the laptop may, and updates share them. */
  places: Places;
  /** Whether something listens where a device is reached. */
  isReachable(device: DeviceId, signal: AbortSignal): Promise<boolean>;
}
