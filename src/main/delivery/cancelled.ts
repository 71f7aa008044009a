import { PushrodError } from '../../shared/errors.ts';

export function cancelled(): PushrodError {
  return new PushrodError('CANCELLED', 'The push to this device was cancelled.');
}
