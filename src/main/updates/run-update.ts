import { type PushrodError, told, toPushrodError } from '../../shared/errors.ts';
import { type DeviceUpdate, isFinal, type UpdateFrame, type UpdateId } from '../../shared/model/index.ts';
import { createRateLimit, setRate } from '../delivery/index.ts';
import { otherFirmware } from './bases.ts';
import { createGate } from './gate.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createLineUp } from './line-up.ts';
import { createPatience } from './patience.ts';
import { runOne } from './run-one.ts';
import type { RunSources } from './run-sources.ts';
import { isBeingActivated, isOpen } from './state-machine.ts';
import { begunAgain, type StopReason, stopped } from './stopped.ts';
import { type Seen, unseen, watchForDevices } from './watch-for-devices.ts';

/** An update while this process carries it. */
export interface UpdateRun {
  ledger: Ledger;
  /** As of the ledger; ends with the reason where something could not be recorded. */
  frames(signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** Does what there is to do now. */
  goOn(): void;
  /** Carries out what a person wants. Nothing begins or ends by itself meanwhile, and what there is to do then is done. */
  carryOut(wish: () => Promise<void>): Promise<void>;
  /** Whether its end has begun, and nothing can be wanted of it any more. */
  readonly isEnding: boolean;
  /** Ends the work on a device before its end; what is being activated there is brought to its end, unless all stops. */
  stopWork(device: DeviceUpdate, reason: StopReason, actor?: string): void;
  isUnderWay(device: DeviceUpdate): boolean;
  /** Fulfilled when everything is stopped and on record. @throws PushrodError why it could not be recorded */
  stop(reason: 'cancelled' | 'interrupted', actor?: string): Promise<void>;
  /** Fulfilled when it has ended or was stopped. @throws PushrodError why it could not be recorded */
  ended: Promise<void>;
}

/** The work on a device. */
interface Work {
  abort: AbortController;
  stopReason: StopReason | undefined;
  /** Who wanted it stopped; Pushrod itself when left out. */
  actor?: string | undefined;
}

/** Longer timers end in between, so that a clock that was set is noticed. */
const longestTimerMs = 60_000;

/** Takes an update up as the journal has it. Nothing happens before `goOn`. */
export function runUpdate(sources: RunSources, id: UpdateId): UpdateRun {
  const { turns, clock } = sources;
  const ledger = openLedger(sources, id);
  // As it was when the push began: what the library says of it may have changed since.
  const { firmware, createdAt } = ledger.update;
  const rate = createRateLimit(ledger.request.rateLimitBytesPerSecond);
  const context = {
    rateLimits: [rate, sources.limits.rate],
    otherFirmware: otherFirmware(sources.firmware, firmware),
  };
  const gate = createGate(sources, ledger);
  const closed = new AbortController();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  const underWay = new Map<DeviceUpdate, Work>();
  const seen: Seen = new Set();
  const iso = (atMs: number) => new Date(atMs).toISOString();
  let timer: NodeJS.Timeout | undefined;
  let isInHand = false;

  const goOn = () => {
    clearTimeout(timer);
    if (ending) return wakeWhoWaits();
    if (isInHand) return;
    try {
      act();
    } catch (thrown) {
      fail(thrown);
    }
  };
  const act = () => {
    const { request } = ledger;
    if (ledger.update.state === 'scheduled') {
      if (isTooEarly()) return;
      ledger.change('running', {});
    }
    setRate(rate, request.rateLimitBytesPerSecond);
    const { state } = ledger.update;
    if (state !== 'running' && state !== 'paused') return;
    heedWindows();
    const next = ledger.step(underWay.size);
    if (next.do === 'end') return void conclude(next.state, 'cancelled', { reason: next.reason });
    if (state === 'paused') return;
    switch (next.do) {
      case 'begin':
        return isTooEarly() ? undefined : begin();
      case 'wait':
        return waitUntil(next.untilMs, `The next phase begins at ${iso(next.untilMs)}.`);
      case 'pause':
        return ledger.change('paused', { reason: next.reason });
      case 'advance':
        ledger.advance({});
        return act();
    }
  };
  const waitUntil = (untilMs: number, reason: string, opensAt: string | null = null) => {
    ledger.say(reason, opensAt);
    wakeAt(untilMs);
  };
  const wakeAt = (atMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(goOn, Math.min(atMs - clock.now(), longestTimerMs));
  };

  /** Whether nothing can be done yet; the update is `scheduled` until then. */
  const isTooEarly = () => {
    const startMs = Date.parse(ledger.request.startAt ?? createdAt);
    const isEarly = clock.now() < startMs;
    const opensAtMs = isEarly ? startMs : underWay.size > 0 ? undefined : gate.opensAtMs();
    if (opensAtMs === undefined) return false;
    if (opensAtMs === Number.POSITIVE_INFINITY) {
      ledger.change('paused', { reason: 'No update window comes any more.' });
      return true;
    }
    if (ledger.update.state !== 'scheduled') ledger.change('scheduled', {});
    const at = iso(opensAtMs);
    if (isEarly) waitUntil(opensAtMs, `It begins at ${at}.`);
    else waitUntil(opensAtMs, `The next window opens at ${at}.`, at);
    return true;
  };
  /**
   * Over HTTP a device activates what it was sent by itself, so that nothing may be on its way after the end; what it has
   * been sent all of cannot be stopped any more.
   */
  const heedWindows = () => {
    for (const device of underWay.keys()) {
      const isOnItsWay = device.method === 'http' && device.state === 'transferring';
      const isSent = device.resumedFrom + device.bytesSent >= device.bytesTotal;
      if (!gate.mayActivate(device) && isOnItsWay && !isSent) stopWork(device, 'windowClosed');
    }
    if (gate.changesAtMs !== Number.POSITIVE_INFINITY) wakeAt(gate.changesAtMs);
  };

  const begin = () => {
    while (underWay.size < ledger.request.concurrency) {
      const place = line.isAnyReady() ? sources.places.tryTake(id, goOn) : undefined;
      if (!place) break;
      const next = line.takeNext();
      if (!next) {
        place();
        break;
      }
      void work(next.device, () => {
        next.giveBack();
        place();
      });
    }
    if (ledger.request.onConnect) lookOut();
    // Those that were begun have an end to heed as well.
    heedWindows();
  };
  const line = createLineUp(ledger, turns, {
    mayBegin: (device) =>
      !underWay.has(device) && gate.mayPass(device) && (!ledger.request.onConnect || seen.has(device)),
    freed: goOn,
    signal: closed.signal,
  });
  const { startAt = createdAt, patienceMs } = ledger.request;
  const patience = createPatience(clock, Date.parse(startAt), patienceMs);
  const lookOut = watchForDevices({
    isReachable: sources.isReachable,
    signal: closed.signal,
    candidates: () =>
      ledger.update.state === 'running' && !isInHand && !ending
        ? [...ledger.queue()].filter((device) => !underWay.has(device) && gate.mayPass(device))
        : [],
    patience,
    clock,
    seen,
    found: goOn,
    async giveUp(device) {
      // Nobody else ends it meanwhile.
      underWay.set(device, { abort: new AbortController(), stopReason: undefined });
      try {
        await ledger.enter(device, { state: 'skipped', ...told(unseen(device)), endedAt: iso(clock.now()) });
      } catch (thrown) {
        fail(thrown);
      } finally {
        underWay.delete(device);
        goOn();
      }
    },
  });

  const work = async (device: DeviceUpdate, giveBack: () => void) => {
    const { deviceTimeoutMs } = ledger.request;
    const mine: Work = { abort: new AbortController(), stopReason: undefined };
    underWay.set(device, mine);
    const overdue = deviceTimeoutMs && setTimeout(() => stopWork(device, 'tookTooLong'), deviceTimeoutMs);
    try {
      if (device.state === 'staged') await ledger.enter(device, begunAgain);
      const { isOver: isOverdue } = patience;
      await runOne({ sources, id, ledger, gate, context, isOverdue }, device, mine.abort.signal);
      const { stopReason, actor } = mine;
      const isLeft = isOpen(device.state) || (device.state === 'staged' && stopReason === 'skipped');
      if (isLeft && stopReason === 'windowClosed' && device.unconfirmedSince !== null) await confirmLater(device);
      else if (isLeft && stopReason) {
        await ledger.enter(device, stopped(device, stopReason, { clock, firmware }), { actor });
      }
    } catch (thrown) {
      fail(thrown);
    } finally {
      if (overdue) clearTimeout(overdue);
      seen.delete(device);
      underWay.delete(device);
      giveBack();
      goOn();
    }
  };
  /** It took the last of it as it was cut off: what came of that is asked at once. */
  const confirmLater = async (device: DeviceUpdate) => {
    await ledger.enter(device, { state: 'retrying' });
    await ledger.enter(device, { state: 'pending', message: 'It is confirmed next.' });
  };
  const stopWork = (device: DeviceUpdate, reason: StopReason, actor?: string) => {
    const found = underWay.get(device);
    if (!found || found.stopReason || (isBeingActivated(device.state) && !ending)) return;
    found.stopReason = reason;
    found.actor = actor;
    found.abort.abort();
  };
  /** The first reason why something could not be recorded; nothing may go on then. */
  let failure: PushrodError | undefined;
  const fail = (thrown: unknown) => {
    failure ??= toPushrodError(thrown);
    void conclude('interrupted', 'interrupted', {});
  };
  let ending: Promise<void> | undefined;
  let wakeWhoWaits = () => {};
  /** Ends the work on all devices, then the update. @param left what becomes of devices that have not ended */
  const conclude = (
    state: 'completed' | 'failed' | 'cancelled' | 'interrupted',
    left: 'cancelled' | 'interrupted',
    why: { reason?: string | null; actor?: string | undefined },
  ) => {
    ending ??= (async () => {
      try {
        await Promise.resolve();
        for (const device of underWay.keys()) stopWork(device, left, why.actor);
        while (underWay.size > 0) {
          await new Promise<void>((resolve) => {
            wakeWhoWaits = resolve;
          });
        }
        // What is paused or not begun stays so: only what was under way was interrupted.
        const isOver = state !== 'interrupted' || ledger.update.state === 'running';
        const mayStay = (device: DeviceUpdate) => device.state === 'staged' && state !== 'cancelled';
        const unfinished = ledger.devices.filter((device) => !isFinal(device.state) && device.state !== left);
        const affected = isOver ? unfinished.filter((device) => !mayStay(device)) : [];
        await Promise.all(
          affected.map((device) => ledger.enter(device, stopped(device, left, { clock, firmware }), why)),
        );
        if (isOver) ledger.change(state, why);
      } catch (thrown) {
        failure ??= toPushrodError(thrown);
      }
      clearTimeout(timer);
      closed.abort();
      if (failure) ended.reject(failure);
      else ended.resolve();
      ledger.close();
    })();
    return ending;
  };

  return {
    ledger,
    async *frames(signal) {
      yield* ledger.frames(signal);
      if (failure) throw failure;
    },
    goOn,
    async carryOut(wish) {
      isInHand = true;
      try {
        await wish();
      } finally {
        isInHand = false;
        goOn();
      }
    },
    get isEnding() {
      return ending !== undefined;
    },
    stopWork,
    isUnderWay: (device) => underWay.has(device),
    async stop(reason, actor) {
      await conclude(reason, reason, { actor });
      await ended.promise;
    },
    ended: ended.promise,
  };
}
