import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('Wed, 25 Nov 2026 03:00:00 GMT');

it.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['0', 0],
  ['120', 120_000],
  ['Wed, 25 Nov 2026 03:00:30 GMT', 30_000],
  ['Wed, 25 Nov 2026 02:00:00 GMT', 0],
  ['99999999999', 600_000],
])('Retry-After: %s is a wait of %s ms', (field, waitMs) => {
  expect(retryAfterMs(field, now)).toBe(waitMs);
});
