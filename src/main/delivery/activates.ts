import type { DeliveryJob } from './delivery.ts';

/** Whether a command of the job activates what it brings. */
export function activates(job: DeliveryJob): boolean {
  return (
    job.transport === 'ssh' && !job.stageOnly && job.files.some(({ activateCommand }) => activateCommand !== undefined)
  );
}
