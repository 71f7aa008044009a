import { ORPCError } from '@orpc/client';
import type { ContractErrorData } from '../../shared/contract/index.ts';
import { type ErrorCode, type ErrorDetail, hintFor, isErrorCode } from '../../shared/errors.ts';
import { t } from '../messages/index.ts';

/** A failure as a person reads it. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string;
  details: ErrorDetail[];
}

/** A request outside of the contract that was refused, with what the server said, if it said anything. */
export class RefusedError extends Error {
  readonly failure: Failure | undefined;

  constructor(failure: Failure | undefined) {
    super(failure?.message ?? t().common.refused);
    this.failure = failure;
  }
}

/** What a call that was thrown says to a person. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof ORPCError) {
    const data = thrown.data as Partial<ContractErrorData> | undefined;
    if (isErrorCode(data?.code)) {
      return {
        code: data.code,
        message: thrown.message,
        hint: t().errors.hint(data.code, data.hint ?? hintFor(data.code)),
        details: data.details ?? [],
      };
    }
  }
  if (thrown instanceof RefusedError && thrown.failure) return thrown.failure;
  return {
    code: 'CONNECTION_LOST',
    message: t().common.noAnswer,
    hint: t().common.noAnswerHint,
    details: [],
  };
}

/** What is wrong with one field of a form. */
export function problemWith(failure: Failure | undefined, field: string): string | undefined {
  return failure?.details.find((detail) => detail.field === field || detail.field?.endsWith(`.${field}`))?.message;
}
