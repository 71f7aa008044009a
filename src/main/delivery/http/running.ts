import type { Running } from '../confirm.ts';
import type { HttpVisit, VisitObserver } from '../delivery.ts';
import { type HttpClient, openClient } from './client.ts';
import { askVersion } from './version.ts';

/** Asks a device what it runs. */
export async function askRunning(
  client: HttpClient,
  asked: Pick<HttpVisit, 'version'>,
  observer: Pick<VisitObserver, 'foundVersion'>,
): Promise<Running> {
  const version = await askVersion(client, asked);
  if (version !== undefined) observer.foundVersion(version);
  return { version, bootId: undefined };
}

/** The same over a new connection, which alone says that the device is there. */
export async function visit(site: HttpVisit, observer: VisitObserver, signal: AbortSignal): Promise<Running> {
  const client = openClient(site, observer.decideHostKey, signal);
  try {
    await client.connect();
    return await askRunning(client, site, observer);
  } finally {
    client.close();
  }
}
