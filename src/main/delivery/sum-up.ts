import type { DeliveryObserver, Transfer } from './delivery.ts';

/** Tells the progress of a file on top of that of the files before it. */
export interface SummingObserver extends DeliveryObserver {
  /** What comes from now on belongs to the next file. */
  next(): void;
}

/** Whoever observes a delivery of several files hears of them as of one. */
export function sumUp(observer: DeliveryObserver): SummingObserver {
  const before = { bytesSent: 0, resumedFrom: 0, unchangedBytes: 0 };
  const current = { ...before };
  return {
    ...observer,
    entering(step, transfer) {
      if (transfer)
        Object.assign(current, { resumedFrom: transfer.resumedFrom, unchangedBytes: transfer.unchangedBytes });
      return observer.entering(step, transfer && onTop(transfer));
    },
    progress(bytesSent) {
      // What is begun anew in another way is not told again.
      current.bytesSent = Math.max(current.bytesSent, bytesSent);
      observer.progress(before.bytesSent + current.bytesSent);
    },
    next() {
      for (const key of ['bytesSent', 'resumedFrom', 'unchangedBytes'] as const) {
        before[key] += current[key];
        current[key] = 0;
      }
    },
  };

  function onTop({ method, resumedFrom, unchangedBytes }: Transfer): Transfer {
    return {
      method,
      resumedFrom: before.resumedFrom + resumedFrom,
      unchangedBytes: before.unchangedBytes + unchangedBytes,
    };
  }
}
