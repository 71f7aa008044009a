import { toPushrodError } from '../../shared/errors.ts';
import type { Schedule } from '../../shared/model/index.ts';
import type { RunParts } from './begin-run.ts';
import { pushesOf } from './pushes.ts';

/**
 * At night nobody is there to mend a profile that is missing. Devices and firmware may still come.
 * @throws PushrodError what a run would be refused for
 */
export async function requireRunnable(parts: RunParts, schedule: Schedule): Promise<void> {
  try {
    const { requests } = await pushesOf(parts, schedule, 'to be');
    for (const request of requests) await parts.updates.forecast(request, false, undefined);
  } catch (thrown) {
    const { code, details } = toPushrodError(thrown);
    const mayCome = details.some(({ field }) => field === 'selection') || isLatest(schedule, code);
    if (!mayCome) throw thrown;
  }
}

const isLatest = ({ push }: Schedule, code: string) => push.firmware === 'latest' && code === 'FIRMWARE_NOT_FOUND';
