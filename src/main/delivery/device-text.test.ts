import { expect, it } from 'vitest';
import { deviceText } from './device-text.ts';

it('keeps what a device says short and without control characters', () => {
  expect(deviceText('no space left\r\non \x1b[2Jdevice\n')).toBe('no space left on  [2Jdevice');
  expect(deviceText('x'.repeat(100_000))).toHaveLength(501);
});
