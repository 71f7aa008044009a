import { PushrodError } from '../../../shared/errors.ts';
import type { HttpJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
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
  const found = versionIn(answer.text, version.pattern);
  if (found !== undefined) return found;
  throw new PushrodError(
    'DEVICE_ERROR',
    `${client.at} tells no version at ${version.path}: ${deviceText(answer.text)}.`,
  );
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
