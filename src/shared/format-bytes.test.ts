import { expect, it } from 'vitest';
import { formatBytes } from './format-bytes.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [64 * 1024 ** 2, '64.0 MiB'],
  [200 * 1024 ** 2, '200 MiB'],
  [3 * 1024 ** 3, '3.0 GiB'],
])('writes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
