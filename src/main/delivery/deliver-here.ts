import type { Delivery, DeliveryJob, DeliveryObserver } from './delivery.ts';
import { deliverOverSsh } from './ssh/index.ts';

/** As {@link Delivery.deliver}, in this thread. */
export function deliverHere(
  job: DeliveryJob,
  observer: DeliveryObserver,
  signal: AbortSignal,
): ReturnType<Delivery['deliver']> {
  switch (job.transport) {
    case 'ssh':
      return deliverOverSsh(job, observer, signal);
  }
}
