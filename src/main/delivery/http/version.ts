import { PushrodError } from '../../../shared/errors.ts';
import type { HttpJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import { versionIn } from '../version-in.ts';
import type { HttpClient } from './client.ts';
import { statusFailure } from './failure.ts';

/**
 * Asks a device for the version it runs; `undefined` when the profile names no path for it.
 * @throws PushrodError `DEVICE_ERROR` for an answer without a version
 */
export async function askVersion(
  client: HttpClient,
  { version }: Pick<HttpJob, 'version'>,
): Promise<string | undefined> {
  if (!version) return undefined;
  const answer = await client.ask({ method: 'GET', path: version.path });
  if (answer.status !== 200) throw statusFailure(answer, 'tell its version', client.at);
  const found = versionIn(answer.text, version.pattern, plainVersion);
  if (found !== undefined) return found;
  throw new PushrodError(
    'DEVICE_ERROR',
    `${client.at} tells no version at ${version.path}: ${deviceText(answer.text)}.`,
  );
}

/** `version` of a JSON object, or all there is. */
export function plainVersion(said: string): string {
  if (!said.startsWith('{')) return said;
  try {
    const { version } = JSON.parse(said) as { version?: unknown };
    return typeof version === 'string' ? version : '';
  } catch {
    return '';
  }
}
