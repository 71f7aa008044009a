import { PushrodError } from '../shared/errors.ts';

/** Fields of a device that may be emptied, as they are written on the command line. */
const emptiable = {
  location: 'location',
  model: 'model',
  'firmware-version': 'firmwareVersion',
  'last-seen': 'lastSeen',
  profile: 'profile',
} as const;

export const emptiableNames = Object.keys(emptiable).join(', ');

/** The changes of `--unset FIELD`. Throws `INVALID_INPUT`. */
export function emptied(fields: string[]): Record<string, null> {
  return Object.fromEntries(
    fields.map((field) => {
      if (Object.hasOwn(emptiable, field)) return [emptiable[field as keyof typeof emptiable], null];
      throw invalid('unset', `"${field}" cannot be emptied; ${emptiableNames} can.`);
    }),
  );
}

/** Reads metadata, a JSON object. Throws `INVALID_INPUT`. */
export function metadataOf(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Not JSON at all: the same answer.
  }
  throw invalid('metadata', 'Write metadata as a JSON object, such as \'{"rack":"4"}\'.');
}

export function invalid(field: string, message: string): PushrodError {
  return new PushrodError('INVALID_INPUT', message, [{ field, message }]);
}
