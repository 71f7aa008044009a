import { ORPCError, ValidationError } from '@orpc/server';
import { hintFor, PushrodError, toPushrodError } from '../shared/errors.ts';

/**
 * Turns whatever a call threw into the contract's one error. What a stranger threw goes to the log: its message may
 * name things of this laptop that are no client's business.
 */
export function toContractError(thrown: unknown): ORPCError<'PUSHROD', unknown> {
  const error = invalidInput(thrown) ?? toPushrodError(thrown);
  if (error.code === 'INTERNAL') console.error(error.cause ?? error);
  const message = error.code === 'INTERNAL' ? 'Something went wrong inside Pushrod.' : error.message;
  const data = { code: error.code, hint: hintFor(error.code), details: error.details };
  return new ORPCError('PUSHROD', { status: 400, message, data });
}

function invalidInput(thrown: unknown): PushrodError | undefined {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'BAD_REQUEST') return undefined;
  const issues = thrown.cause instanceof ValidationError ? thrown.cause.issues : [];
  const details = issues.map(({ path, message }) => {
    const field = path?.map((part) => (typeof part === 'object' ? part.key : part)).join('.');
    return { field: field || undefined, message: message.endsWith('received undefined') ? 'is required' : message };
  });
  const said = details
    .map(({ field, message }) => (field && message === 'is required' ? `${field} ${message}` : message))
    .join('; ');
  return new PushrodError('INVALID_INPUT', said === '' ? thrown.message : `This cannot be done: ${said}.`, details);
}
