import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, PushrodError, toPushrodError } from '../../shared/errors.ts';
import { compareVersions } from '../../shared/model/index.ts';

/** What has to be seen of a device after its activation. */
export interface Confirmation {
  /** The version it has to report; `undefined` where it cannot be asked for one. */
  version: string | undefined;
  rebootExpected: boolean;
  timeoutMs: number;
  /** How long a device that answers is asked, where the push was stopped meanwhile; as long as any other when left out. */
  settleMs?: number | undefined;
}

/** What a device tells about what it runs. */
export interface Running {
  version: string | undefined;
  /** Another one after each reboot (random(4), `boot_id`); `undefined` where the device does not tell. */
  bootId: string | undefined;
}

/** What was seen of the device up to its activation. */
export interface Before extends Running {
  /** Its connection ended while it was activating. */
  hasGone: boolean;
}

/** Nothing is known of the time before the activation. */
export const unseen: Before = { version: undefined, bootId: undefined, hasGone: true };

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** No use in waiting for another answer: someone has to look first. */
const final = new Set<ErrorCode>(['HOST_KEY_CHANGED', 'HOST_KEY_UNKNOWN', 'HOST_KEY_REVOKED', 'CANCELLED']);

/**
 * Asks a device again and again, until it runs what it should, and has rebooted if it was to. A version that is not the
 * one from before says so by itself; else the device must have another boot id, or, where it tells none, have been away
 * meanwhile: a link that was cut is no reboot.
 * @param ask rejects while the device does not answer
 * @throws PushrodError `VERSION_NOT_CONFIRMED` after `timeoutMs`, or after `settleMs` of nothing but answers; a changed host key at once
 */
export async function confirm(
  wanted: Confirmation,
  before: Before,
  ask: (signal: AbortSignal) => Promise<Running>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(wanted.timeoutMs);
  const untilDeadline = AbortSignal.any([signal, deadline]);
  let hasGone = before.hasGone;
  let settledMs: number | undefined;
  let seen = 'it has not answered since its activation';
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const running = await ask(untilDeadline);
      const isNew = wanted.version !== undefined && isVersion(running.version, wanted.version);
      const hasChanged = isNew && before.version !== undefined && before.version !== running.version;
      const tellsBoot = running.bootId !== undefined && before.bootId !== undefined;
      const hasRebooted = tellsBoot ? running.bootId !== before.bootId : hasGone;
      const isUp = !wanted.rebootExpected || hasRebooted || hasChanged;
      if (isUp && (isNew || wanted.version === undefined)) return;
      seen = isUp ? `it reports ${running.version ?? 'no version'}` : 'it has not rebooted';
      settledMs ??= performance.now() + (wanted.settleMs ?? Number.POSITIVE_INFINITY);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = toPushrodError(thrown);
      settledMs = undefined;
      if (!deadline.aborted) {
        if (final.has(error.code)) throw error;
        hasGone ||= error.code === 'UNREACHABLE' || error.code === 'CONNECTION_LOST';
        seen = error.message.replace(/\.$/, '');
      }
    }
    await pause(pauseMs, undefined, { signal: untilDeadline }).catch(() => undefined);
    signal.throwIfAborted();
    if (deadline.aborted) throw notConfirmed(wanted, seen);
    if (settledMs !== undefined && performance.now() >= settledMs) throw notSettled(wanted, seen);
  }
}

/** Builds of one version (SemVer 10) are told apart only where both sides name theirs. */
function isVersion(found: string | undefined, wanted: string): boolean {
  if (found === undefined || compareVersions(found, wanted) !== 0) return false;
  return !differ(build(found), build(wanted));
}

const build = (version: string) => /.\+(.*)$/s.exec(version)?.[1];

const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;

function notConfirmed({ version, timeoutMs }: Confirmation, seen: string): PushrodError {
  const what = version === undefined ? 'The reboot' : `Version ${version}`;
  const message = `${what} was not confirmed within ${timeoutMs / 1000} s: ${seen}.`;
  return new PushrodError('VERSION_NOT_CONFIRMED', message);
}

function notSettled({ version }: Confirmation, seen: string): PushrodError {
  const why = 'The push was stopped when its activation was to begin or had begun; which of them is not known.';
  return new PushrodError('VERSION_NOT_CONFIRMED', `Version ${version} was not confirmed: ${seen}. ${why}`);
}
