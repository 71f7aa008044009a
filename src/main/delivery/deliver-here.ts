import type { Delivery, DeliveryJob, DeliveryObserver } from './delivery.ts';
import { deliverOverHttp } from './http/index.ts';
import { deliverOverSsh } from './ssh/index.ts';

/** As {@link Delivery.deliver}, in this thread. */
export async function deliverHere(
  job: DeliveryJob,
  observer: DeliveryObserver,
  signal: AbortSignal,
): ReturnType<Delivery['deliver']> {
  switch (job.transport) {
    case 'ssh':
      return deliverOverSsh(job, observer, signal);
    case 'http':
      await deliverOverHttp(job, observer, signal);
      return undefined;
  }
}
