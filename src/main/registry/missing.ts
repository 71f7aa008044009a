import { PushrodError } from '../../shared/errors.ts';

/** Names told; a selection of a million may miss most of them. */
const mostNames = 20;

/** The error of a selection by ids that are not all registered. */
export function missingDevices(ids: readonly string[]): PushrodError {
  const names = ids.slice(0, mostNames).map((id) => `"${id}"`);
  const more = ids.length > mostNames ? ` and ${ids.length - mostNames} more` : '';
  return new PushrodError('DEVICE_NOT_FOUND', `There is no device with the id ${names.join(', ')}${more}.`);
}
