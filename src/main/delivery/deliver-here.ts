import { cancelled } from './cancelled.ts';
import type { Delivery, DeliveryJob, DeliveryObserver, Visit, VisitObserver } from './delivery.ts';
import { deliverOverHttp, visitOverHttp } from './http/index.ts';
import { deliverOverSsh, visitOverSsh } from './ssh/index.ts';

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

/** As {@link Delivery.visit}, in this thread. */
export async function visitHere(visit: Visit, observer: VisitObserver, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  try {
    if (visit.transport === 'ssh') await visitOverSsh(visit, observer, signal);
    else await visitOverHttp(visit, observer, signal);
  } catch (thrown) {
    throw signal.aborted ? cancelled() : thrown;
  }
}
