import { z } from 'zod';

/** Of a profile or a credential. */
export const profileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a name holds letters, digits, "." "_" and "-" only, at most 100');
