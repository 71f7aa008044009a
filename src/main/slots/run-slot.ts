import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, isOutOfReach, PushrodError, told, toPushrodError } from '../../shared/errors.ts';
import {
  type Device,
  type DeviceUpdate,
  type NamedSlot,
  pushRequest,
  type SlotStatus,
} from '../../shared/model/index.ts';
import type { Audit } from '../audit/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { Devices } from '../registry/index.ts';
import { type DeviceEndpoint, endpointOf, type Updates } from '../updates/index.ts';
import { type Board, type IdentifySources, identify, lookAt } from './identify.ts';
import { registerBoard } from './register-board.ts';

export interface SlotSources extends IdentifySources {
  firmware: FirmwareStore;
  devices: Devices;
  updates: Updates;
  audit: Audit;
  /** How long after a look at an address the next one begins. */
  betweenLooksMs: number;
}

/** A slot that was started. */
export interface SlotRun {
  status: SlotStatus;
  /** No further board is begun. Fulfilled when the one being flashed, if any, has come to its end. */
  stop(): Promise<void>;
  /** The same, without waiting for what is being flashed to end. */
  abandon(): Promise<void>;
}

interface Running {
  slot: NamedSlot;
  /** Who started it. */
  actor: string;
  /** The status changed. */
  changed(): void;
}

/**
 * After these a board may reboot by itself, again and again, and would look like one that was plugged in: it is not flashed
 * again before a person has looked at it.
 */
const afterActivation = new Set<ErrorCode>(['ACTIVATE_FAILED', 'VERSION_NOT_CONFIRMED', 'ACTIVATION_UNKNOWN']);

const nobody = { serial: null, deviceId: null, updateId: null, errorCode: null, message: null, hint: null };

export const slotOff = (name: string): SlotStatus => ({ name, state: 'off', flashed: 0, failed: 0, ...nobody });

/** Identifies and flashes each board that appears at a slot's address. @throws PushrodError when it cannot be used so */
export function runSlot(sources: SlotSources, { slot, actor, changed }: Running): SlotRun {
  const endpoint = slotEndpoint(sources, slot);
  const status: SlotStatus = { ...slotOff(slot.name), state: 'waiting' };
  const stopping = new AbortController();
  const abandoning = new AbortController();
  /** Boards that get nothing more in this run, by their serial, and what is shown of them. */
  const finished = new Map<string, Partial<SlotStatus>>();
  /** The key of the board whose turn it was last, while that is there. */
  let present: Buffer | undefined;

  const change = (to: Partial<SlotStatus>) => {
    Object.assign(status, to);
    changed();
  };
  /** Counted once for each board. */
  const fail = (error: Parameters<typeof told>[0]) =>
    change({
      ...{ state: 'failed', ...told(error) },
      failed: status.failed + (status.state === 'failed' ? 0 : 1),
    });

  const turn = async () => {
    try {
      const key = await lookAt(endpoint, stopping.signal);
      if (present?.equals(key)) return;
      present = key;
      change({ state: 'identifying', ...nobody });
      const board = await identify(sources, endpoint, slot, stopping.signal);
      present = board.key;
      await take(board);
    } catch (thrown) {
      if (stopping.signal.aborted) return;
      const error = toPushrodError(thrown);
      // No board, or one that is being put in, taken out or starting.
      if (isOutOfReach(error.code)) return leave();
      fail(error);
    }
  };
  const leave = () => {
    present = undefined;
    if (status.state !== 'waiting') change({ state: 'waiting', ...nobody });
  };

  const take = async (board: Board) => {
    change({ serial: board.serial });
    const { device, isNew } = await registerBoard(sources, slot, board);
    const action = isNew ? 'added' : 'changed';
    const detail = `${board.serial}, seen at the slot ${slot.name}`;
    sources.audit.record((append) => append({ actor, subject: 'device', subjectId: device.id, action, detail }));
    change({ deviceId: device.id });
    const before = finished.get(board.serial);
    if (before) return change(before);
    const outcome = await flash(device);
    if (abandoning.signal.aborted) return;
    const { state, errorCode, message } = outcome;
    const isCurrent = errorCode === 'ALREADY_CURRENT';
    if (state === 'succeeded' || isCurrent) {
      finished.set(board.serial, { state: 'done', message: 'It had its turn already.' });
      return change({ state: 'done', message, flashed: status.flashed + (isCurrent ? 0 : 1) });
    }
    fail({ code: errorCode ?? 'CANCELLED', message: message ?? `Its update ended as ${state}.` });
    const { errorCode: code, message: why, hint } = status;
    if (code && afterActivation.has(code))
      finished.set(board.serial, { state: 'failed', errorCode: code, message: why, hint });
  };

  /** An update of its own. Only the key that is remembered under the board's identity is let through to a login. */
  const flash = async ({ id }: Device): Promise<DeviceUpdate> => {
    const { updates } = sources;
    const { firmware, profile } = slot;
    const request = {
      firmware,
      selection: { ids: [id] },
      name: `Slot ${slot.name}: ${id}`,
      profile,
      hostKeys: 'strict',
    };
    const updateId = await updates.push(pushRequest.parse(request), actor);
    change({ state: 'flashing', updateId });
    for await (const _ of updates.watch(updateId, abandoning.signal));
    const [outcome] = updates.get(updateId).devices;
    if (!outcome) throw new PushrodError('INTERNAL', `The update ${updateId} has no device.`);
    return outcome;
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      await turn();
      await pause(sources.betweenLooksMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    change({ state: 'off', ...nobody });
  };
  const ended = run();

  return {
    status,
    stop() {
      stopping.abort();
      return ended;
    },
    abandon() {
      stopping.abort();
      abandoning.abort();
      return ended;
    },
  };
}

/** Where and how the boards of a slot are reached. @throws PushrodError */
function slotEndpoint(
  sources: SlotSources,
  { name, address, profile: profileName, firmware }: NamedSlot,
): DeviceEndpoint {
  const { profile } = sources.profiles.get(profileName);
  if (profile.transport === 'http') throw unfit('its profile is for HTTP; identity commands need SSH', 'profile');
  if (profile.jumpHost !== undefined)
    throw unfit('its profile goes through a jump host; a slot is on the bench', 'profile');
  if (firmware.length === 0) throw unfit('no firmware was named', 'firmware');
  for (const sha256 of firmware) sources.firmware.get(sha256);
  return endpointOf({ name, address, profile: profileName, metadata: {} }, sources.profiles);

  function unfit(why: string, field: string): PushrodError {
    const message = `The slot "${name}" cannot be started: ${why}.`;
    return new PushrodError('INVALID_INPUT', message, [{ field, message: why }]);
  }
}
