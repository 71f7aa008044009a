import { PushrodError } from '../../../shared/errors.ts';
import type { HttpSite } from '../delivery.ts';

/** How long nothing moves on a connection while a request is under way. */
export interface Silence {
  /** Bytes moved, in either direction. */
  heard(): void;
  /** All is sent: from now on the device works, and its answer is waited for. */
  sent(): void;
  stopWatching(): void;
}

/** Gives `onSilence` a `TIMEOUT` when bytes stop moving for the transfer timeout, or the answer takes the command timeout. */
export function watchSilence(
  { transferMs, commandMs }: HttpSite['timeouts'],
  at: string,
  onSilence: (error: PushrodError) => void,
): Silence {
  let limitMs = transferMs;
  let isWorking = false;
  const onTimeout = () => {
    const what = isWorking ? 'gave no answer' : 'moved no bytes';
    onSilence(new PushrodError('TIMEOUT', `${at} ${what} for ${limitMs / 1000} s.`));
  };
  let timer = setTimeout(onTimeout, limitMs);
  const watch = (working: boolean, ms: number) => {
    isWorking = working;
    if (ms === limitMs) return void timer.refresh();
    limitMs = ms;
    clearTimeout(timer);
    timer = setTimeout(onTimeout, ms);
  };
  return {
    heard: () => watch(false, transferMs),
    sent: () => watch(true, commandMs),
    stopWatching: () => clearTimeout(timer),
  };
}
