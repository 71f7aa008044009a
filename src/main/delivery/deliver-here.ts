import type { DeliveryJob, DeliveryObserver } from './delivery.ts';
import { deliverOverHttp } from './http/index.ts';
import { deliverOverSsh } from './ssh/index.ts';

/** As {@link Delivery.deliver}, in this thread. */
export function deliverHere(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void> {
  switch (job.transport) {
    case 'ssh':
      return deliverOverSsh(job, observer, signal);
    case 'http':
      return deliverOverHttp(job, observer, signal);
  }
}
