import { describe, expect, it } from 'vitest';
import { hopsOf } from './jump-host.ts';
import { profile } from './profile.ts';

const read = (jumpHost: unknown) => profile.safeParse({ jumpHost });
const hop = { username: undefined, credential: undefined, port: 22 };

describe('the jump hosts of a profile', () => {
  it.each([
    ['gateway', [{ ...hop, host: 'gateway' }]],
    ['admin@192.0.2.1:2200', [{ ...hop, host: '192.0.2.1', port: 2200, username: 'admin' }]],
    [
      '[2001:db8::1]:22, root@inner',
      [
        { ...hop, host: '2001:db8::1' },
        { ...hop, host: 'inner', username: 'root' },
      ],
    ],
    [{ host: '::1', credential: 'gate' }, [{ ...hop, host: '::1', credential: 'gate' }]],
    [
      ['first,second', { host: 'third', port: 2, username: 'u' }],
      [
        { ...hop, host: 'first' },
        { ...hop, host: 'second' },
        { ...hop, host: 'third', port: 2, username: 'u' },
      ],
    ],
  ])('are read from %j', (given, hops) => {
    const { data } = read(given);
    expect(hopsOf(data?.jumpHost)).toEqual(hops);
  });

  it('are none where the profile names none', () => {
    expect(hopsOf(undefined)).toEqual([]);
  });

  it.each([
    ['a b', 'the jump host "a b" cannot be used'],
    ['a,,b', 'the jump host "" cannot be used'],
    ['ssh://gateway', 'give the host only'],
    ['gateway:0', 'port "0"'],
    [{ host: 'gateway:22' }, 'give the port of the jump host in "port"'],
    [['fine', 'not fine'], 'the jump host "not fine"'],
    [5, 'give [user@]host[:port]'],
    [{}, 'give [user@]host[:port]'],
    [[], 'name at least one'],
  ])('are refused with the fix where they are %j', (given, said) => {
    const { error } = read(given);
    expect(error?.issues).toEqual([
      expect.objectContaining({ path: ['jumpHost'], message: expect.stringContaining(said) }),
    ]);
  });
});
