import { describe, expect, it } from 'vitest';
import { shortlist } from './shortlist.ts';

describe('a long list', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `Gateway ${index}`);

  it('shows its first 200, and says how many there are', () => {
    const { shown, total } = shortlist(names, '', String);
    expect([shown.length, shown[0], total]).toEqual([200, 'Gateway 0', 1_000]);
  });

  it('is searched by words in any order and letter case', () => {
    expect(shortlist(names, ' 999 gateway', String)).toEqual({ shown: ['Gateway 999'], total: 1 });
  });
});
