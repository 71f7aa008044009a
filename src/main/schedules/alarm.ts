import type { Clock } from '../data/index.ts';

/** Rings at a time of the wall clock. */
export interface Alarm {
  /** The next time, in milliseconds since the epoch; `undefined` for none. */
  setTo(atMs: number | undefined): void;
  /** Looks at the clock now: the laptop was asleep, or may have been. */
  look(): void;
  close(): void;
}

/** A timer stands still while the laptop sleeps, and knows nothing of a clock that is set: it is looked at so often. */
const lookEveryMs = 30_000;

/**
 * @param ring the time has come
 * @param onSetBack the clock was set back
 */
export function createAlarm(clock: Clock, ring: () => void, onSetBack: () => void): Alarm {
  let atMs = Number.POSITIVE_INFINITY;
  let lastLookMs = clock.now();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const look = () => {
    if (isClosed) return;
    const nowMs = clock.now();
    const wasSetBack = nowMs < lastLookMs;
    lastLookMs = nowMs;
    if (wasSetBack) onSetBack();
    if (nowMs >= atMs) {
      atMs = Number.POSITIVE_INFINITY;
      ring();
    }
    sleep();
  };
  const sleep = () => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(look, Math.max(0, Math.min(atMs - clock.now(), lookEveryMs)));
  };
  sleep();
  return {
    setTo(ms) {
      atMs = ms ?? Number.POSITIVE_INFINITY;
      sleep();
    },
    look,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
