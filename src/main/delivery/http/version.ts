import { PushrodError } from '../../../shared/errors.ts';
import type { DeliveryObserver, HttpJob, HttpSite } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import { openClient } from './client.ts';
import { statusFailure } from './failure.ts';

type Target = HttpSite & Pick<HttpJob, 'version'>;

/**
 * Asks a device for the version it runs; `undefined` when the profile names no path for it.
 * @throws PushrodError `DEVICE_ERROR` for an answer without a version, and whatever a connection may fail with
 */
export async function readVersionOverHttp(
  job: Target,
  decideHostKey: DeliveryObserver['decideHostKey'],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!job.version) return undefined;
  const client = openClient(job, decideHostKey, signal);
  try {
    const answer = await client.ask({ method: 'GET', path: job.version.path });
    if (answer.status !== 200) throw statusFailure(answer, 'tell its version', client.at);
    const version = versionIn(answer.text, job.version.pattern);
    if (version !== undefined) return version;
    const message = `${client.at} tells no version at ${job.version.path}: ${deviceText(answer.text)}.`;
    throw new PushrodError('DEVICE_ERROR', message);
  } finally {
    client.close();
  }
}

/** The pattern's first group or match; without a pattern, `version` of a JSON object or all there is. */
export function versionIn(text: string, pattern: string | undefined): string | undefined {
  if (pattern !== undefined) {
    const found = new RegExp(pattern, 'um').exec(text);
    return found?.[1] ?? found?.[0];
  }
  const said = text.trim();
  if (!said.startsWith('{')) return said === '' ? undefined : deviceText(said);
  try {
    const { version } = JSON.parse(said) as { version?: unknown };
    return typeof version === 'string' && version !== '' ? deviceText(version) : undefined;
  } catch {
    return undefined;
  }
}
