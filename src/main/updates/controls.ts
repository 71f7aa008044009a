import { PushrodError } from '../../shared/errors.ts';
import {
  type DeviceId,
  type DeviceUpdate,
  type DeviceUpdateState,
  isFinal,
  type UpdateLimits,
  type UpdateState,
} from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { UpdateRun } from './run-update.ts';
import { stopped } from './stopped.ts';

/** What people can do with an update. Everything takes effect at once, and does nothing the second time. */
export interface Controls {
  /** Nothing more begins; what is under way is brought to its end, or cut off to go on later. */
  pause(underWay: 'finish' | 'cut'): Promise<void>;
  /** @throws PushrodError `CONFLICT`, also where a phase that ended waits for a word */
  resume(): Promise<void>;
  /** Lets the next phase begin, whatever came of the last. @throws PushrodError `CONFLICT` */
  approve(): Promise<void>;
  /**
   * Tries the devices again that failed, or all that did not succeed; of these only the chosen ones, where some are.
   * @throws PushrodError `CONFLICT`, `DEVICE_NOT_FOUND`
   */
  retry(which: 'failed' | 'all', chosen?: readonly DeviceId[]): Promise<void>;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  skip(deviceIds: readonly DeviceId[]): Promise<void>;
  setLimits(limits: UpdateLimits): Promise<void>;
  /** Activates what is staged. @throws PushrodError `CONFLICT` where nothing is */
  activate(): Promise<void>;
}

const failedStates: readonly DeviceUpdateState[] = ['failed', 'rolledBack'];

export function controlsOf(run: UpdateRun, clock: Clock, actor: string): Controls {
  const { ledger } = run;
  const stateNow = () => ledger.update.state;
  const requireState = (doing: string, ...allowed: UpdateState[]) => {
    if (allowed.includes(stateNow())) return;
    const message = `This update is ${stateNow()}, and only one that is ${allowed.join(' or ')} can be ${doing}.`;
    throw new PushrodError('CONFLICT', message);
  };
  /** Makes the update go on, with devices that are wanted, and those that were interrupted, to be begun again. */
  const goOn = (isWanted: (device: DeviceUpdate) => boolean = () => false, also?: 'advance' | 'release') => {
    const again = ledger.devices.filter((device) => device.state === 'interrupted' || isWanted(device));
    ledger.goOn(again, { actor }, also);
  };
  const chosenDevices = (deviceIds: readonly DeviceId[]): ReadonlySet<DeviceId> => {
    const known = new Set(ledger.devices.map(({ deviceId }) => deviceId));
    const strange = deviceIds.filter((id) => !known.has(id));
    if (strange.length === 0) return new Set(deviceIds);
    throw new PushrodError('DEVICE_NOT_FOUND', `This update has no device with the id ${strange.join(', ')}.`);
  };
  const skipIdle = (device: DeviceUpdate) =>
    ledger.enter(device, stopped(device, 'skipped', { clock, firmware: ledger.update.firmware }), { actor });

  return {
    async pause(underWay) {
      if (stateNow() !== 'paused') requireState('paused', 'running', 'scheduled');
      if (stateNow() !== 'paused') ledger.change('paused', { actor, reason: 'It was paused on request.' });
      if (underWay === 'cut') for (const device of ledger.devices) run.stopWork(device, 'interrupted', actor);
    },
    async resume() {
      requireState('gone on with', 'running', 'scheduled', 'paused', 'interrupted');
      const next = stateNow() === 'paused' ? ledger.step(0) : undefined;
      if (next?.do === 'pause') {
        throw new PushrodError('CONFLICT', `${next.reason} Retry what failed, or approve the next phase.`);
      }
      if (stateNow() !== 'scheduled') goOn();
    },
    async approve() {
      if (stateNow() === 'running') return;
      const isWaiting = stateNow() === 'paused' && ledger.step(0).do === 'pause';
      if (!isWaiting) throw new PushrodError('CONFLICT', 'No phase of this update waits for approval.');
      goOn(undefined, 'advance');
    },
    async retry(which, chosen) {
      requireState('retried', 'scheduled', 'running', 'paused', 'completed', 'failed', 'cancelled');
      const states: DeviceUpdateState[] = [
        ...failedStates,
        ...(which === 'all' ? (['cancelled', 'skipped'] as const) : []),
      ];
      const ids = chosen && chosenDevices(chosen);
      const isWanted = ({ state, deviceId }: DeviceUpdate) => states.includes(state) && (ids?.has(deviceId) ?? true);
      if (ledger.devices.some(isWanted)) goOn(isWanted);
    },
    async skip(deviceIds) {
      const ids = chosenDevices(deviceIds);
      const chosen = ledger.devices.filter(({ deviceId }) => ids.has(deviceId));
      for (const device of chosen) run.stopWork(device, 'skipped', actor);
      await Promise.all(chosen.filter((device) => !isFinal(device.state) && !run.isUnderWay(device)).map(skipIdle));
    },
    async setLimits({ concurrency = ledger.request.concurrency, rateLimitBytesPerSecond }) {
      const { rateLimitBytesPerSecond: before, ...request } = ledger.request;
      const rate = rateLimitBytesPerSecond === undefined ? before : (rateLimitBytesPerSecond ?? undefined);
      const amended = { ...request, concurrency, ...(rate !== undefined && { rateLimitBytesPerSecond: rate }) };
      ledger.amend(amended, {
        actor,
        reason: `at most ${concurrency} devices at once, ${rate ?? 'no'} bytes a second`,
      });
    },
    async activate() {
      const staged = ledger.devices.filter(({ state }) => state === 'staged');
      const isDone = staged.length === 0 || (stateNow() === 'running' && staged.every(ledger.isOrdered));
      if (ledger.isReleased && isDone) return;
      if (staged.length === 0) throw new PushrodError('CONFLICT', 'No device of this update is staged.');
      requireState('activated', 'scheduled', 'running', 'paused', 'completed');
      goOn(undefined, 'release');
    },
  };
}
