import { z } from 'zod';
import { pushRequest, type Update } from '../../shared/model/index.ts';

const { concurrency, rateLimitBytesPerSecond, retries, deviceTimeoutMs, maxFailures, rollout, windows } =
  pushRequest.shape;
/** What of a request says how an update goes, once it is clear what goes where. */
const asked = z.object({
  ...{ concurrency, rateLimitBytesPerSecond, retries, deviceTimeoutMs, maxFailures },
  ...{ rollout, windows },
});

/** How an update goes, as it was asked for and has been changed since. */
export function asAsked(request: z.infer<typeof asked>): Pick<Update, 'limits' | 'rollout' | 'windows'> {
  const { rateLimitBytesPerSecond: rate = null, deviceTimeoutMs: timeout = null, maxFailures: most = null } = request;
  return {
    limits: {
      ...{ concurrency: request.concurrency, rateLimitBytesPerSecond: rate, retries: request.retries },
      ...{ deviceTimeoutMs: timeout, maxFailures: most },
    },
    rollout: request.rollout ?? null,
    windows: request.windows,
  };
}

/** The same of a request as it is on record, in JSON. */
export const asRecorded = (request: string) => asAsked(asked.parse(JSON.parse(request)));
