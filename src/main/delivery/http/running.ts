import type { Running } from '../confirm.ts';
import type { DeliveryObserver, HttpJob } from '../delivery.ts';
import { type HttpClient, openClient } from './client.ts';
import { askVersion } from './version.ts';

/** Asks a device what it runs. */
export async function askRunning(
  client: HttpClient,
  job: HttpJob,
  observer: Pick<DeliveryObserver, 'foundVersion'>,
): Promise<Running> {
  const version = await askVersion(client, job);
  if (version !== undefined) observer.foundVersion(version);
  return { version, bootId: undefined };
}

/** The same over a new connection, which alone says that the device is there. */
export async function reconnect(job: HttpJob, observer: DeliveryObserver, signal: AbortSignal): Promise<Running> {
  const client = openClient(job, observer.decideHostKey, signal);
  try {
    await client.connect();
    return await askRunning(client, job, observer);
  } finally {
    client.close();
  }
}
