import type { DeviceUpdate } from '../../shared/model/index.ts';
import type { Ledger } from './ledger.ts';
import { waiting } from './target.ts';
import type { Turns } from './turns.ts';

/** The devices of an update that wait to be begun. */
export interface LineUp {
  isAnyReady(): boolean;
  /** The next one that no other push works on; those passed over say why they wait. */
  takeNext(): { device: DeviceUpdate; giveBack(): void } | undefined;
}

interface Asked {
  mayBegin(device: DeviceUpdate): boolean;
  /** A device that was passed over may be free by now. */
  freed(): void;
  signal: AbortSignal;
}

export function createLineUp(ledger: Ledger, turns: Turns<string>, { mayBegin, freed, signal }: Asked): LineUp {
  let isAwaitingTurn = false;
  const awaitTurn = () => {
    if (isAwaitingTurn) return;
    isAwaitingTurn = true;
    void turns.freed(signal).then(() => {
      isAwaitingTurn = false;
      freed();
    });
  };
  return {
    isAnyReady() {
      for (const device of ledger.queue()) if (mayBegin(device)) return true;
      return false;
    },
    takeNext() {
      for (const device of ledger.queue()) {
        if (!mayBegin(device)) continue;
        const giveBack = turns.tryTake(device.deviceId);
        if (giveBack) {
          ledger.take(device);
          return { device, giveBack };
        }
        waiting(device, () => ledger.touch(device));
        awaitTurn();
      }
      return undefined;
    },
  };
}
