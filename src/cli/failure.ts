import { ORPCError } from '@orpc/client';
import type { ContractErrorData } from '../shared/contract/index.ts';
import { type ErrorCode, type ErrorDetail, isErrorCode, PushrodError, toPushrodError } from '../shared/errors.ts';
import { flagOf } from './flag-names.ts';

/** Turns what a call of the client threw into the error it stands for. */
export function fromClient(thrown: unknown): PushrodError {
  if (!(thrown instanceof ORPCError)) return toPushrodError(thrown);
  const data = thrown.data as Partial<ContractErrorData> | undefined;
  return new PushrodError(
    isErrorCode(data?.code) ? data.code : 'INTERNAL',
    thrown.message,
    (data?.details ?? []).map(asWritten),
  );
}

/** The contract's `filter.status.0`, `sort.field` and `profile.timeouts.connectMs` are `status`, `sort` and `timeouts.connect` here. */
function asWritten(detail: ErrorDetail): ErrorDetail {
  const field = detail.field
    ?.replace(/^schedule\.(?:starts|push)?\.?(?=.)/, '')
    .replace(/^(?:changes|filter|info|secret|selection|profile)\.(?=.)/, '')
    .replace(/^windows\.\d+\./, 'window.')
    .replace(/^sort\..+/, 'sort')
    .replace(/(?:\.\d+)+$/, '')
    .replace(/^(timeouts\.\w+|confirmTimeout)Ms$/, '$1')
    .replace(/^rateLimitBytesPerSecond$/, 'rateLimit');
  return { ...detail, field: field === undefined ? undefined : flagOf(field) };
}

/** Puts the flags that were typed into the message: `--sort: …` instead of words that leave it open which is meant. */
export function namingFlags(error: PushrodError, args: string[]): PushrodError {
  const isTyped = (flag: string) => args.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
  let { message } = error;
  for (const { field, line, message: said } of error.details) {
    const flag = `--${field}`;
    if (field === undefined || line !== undefined || !isTyped(flag) || message.includes(flag)) continue;
    const unnamed = message.includes(`${field}: ${said}`) ? `${field}: ${said}` : said;
    message = message.replace(unnamed, () => `${flag}: ${said}`);
  }
  return new PushrodError(error.code, message, error.details, { cause: error.cause });
}

/** The exit code of a command that could not be done (CLI.md, Everywhere). */
export function exitCodeOf(code: ErrorCode): number {
  if (code.endsWith('_NOT_FOUND')) return 4;
  switch (code) {
    case 'DATA_FOLDER_IN_USE':
    case 'DATA_FOLDER_TOO_NEW':
    case 'REGISTRY_UNREACHABLE':
    case 'DATABASE_DAMAGED':
    case 'STORAGE_FAILED':
      return 5;
    case 'INVALID_INPUT':
    case 'CONFLICT':
    case 'FORBIDDEN':
    case 'UNAUTHORIZED':
    case 'SECRET_UNREADABLE':
    case 'SIGNATURE_INVALID':
      return 2;
    case 'CANCELLED':
      return 3;
    default:
      return 1;
  }
}
