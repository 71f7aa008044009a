import type { ErrorCode } from '../../../shared/errors.ts';

export const errors = {
  /** What a person does next; `said` is what the core has to say of it, in English. */
  hint: (_code: ErrorCode, said: string) => said,
};
