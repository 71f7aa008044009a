import { describe, expect, it } from 'vitest';
import { PushrodError } from '../../shared/errors.ts';
import { type Before, confirm, type Running, unseen } from './confirm.ts';

const reboot = { version: undefined, rebootExpected: true, timeoutMs: 300 };
const newVersion = { version: '2.0', rebootExpected: true, timeoutMs: 300 };
const was = (given: Partial<Before> = {}): Before => ({ version: '1.0', bootId: 'a', hasGone: false, ...given });
const running = (given: Partial<Running> = {}): Running => ({ version: '1.0', bootId: 'a', ...given });
const cut = new PushrodError('CONNECTION_LOST', 'The link was cut.');

/** Confirms with a device that gives these answers, the last one again and again. */
const confirmWith = (wanted: Parameters<typeof confirm>[0], seen: Before, answers: (Running | PushrodError)[]) => {
  const left = [...answers];
  const ask = async () => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (!answer || answer instanceof PushrodError) throw answer;
    return answer;
  };
  return confirm(wanted, seen, ask, new AbortController().signal);
};

describe('a reboot', () => {
  it.each([
    ['by another boot id', was(), [running({ bootId: 'b' })]],
    ['by its absence, where it tells no boot id', was({ bootId: undefined }), [cut, running()]],
    [
      'by the end of its connection, where it tells none any more',
      was({ hasGone: true }),
      [running({ bootId: undefined })],
    ],
  ] as const)('is seen %s', async (_, seen, answers) => {
    await expect(confirmWith(reboot, seen, [...answers])).resolves.toBeUndefined();
  });

  it.each([
    ['cut during the activation', was({ hasGone: true }), [running()]],
    ['cut afterwards', was(), [cut, running()]],
    ['never cut', was({ bootId: undefined }), [running()]],
  ] as const)('is not seen in a link that was %s', async (_, seen, answers) => {
    await expect(confirmWith(reboot, seen, [...answers])).rejects.toMatchObject({
      ...{ code: 'VERSION_NOT_CONFIRMED', message: expect.stringContaining('it has not rebooted') },
    });
  });

  it('is seen in a version that was not there before, whatever else the device tells', async () => {
    await expect(confirmWith(newVersion, was(), [running({ version: '2.0' })])).resolves.toBeUndefined();
    await expect(confirmWith(newVersion, unseen, [running({ version: '2.0' })])).resolves.toBeUndefined();
  });
});

it('stops at once at a host key that was revoked meanwhile', async () => {
  const revoked = new PushrodError('HOST_KEY_REVOKED', 'The key was revoked.');
  await expect(confirmWith({ ...newVersion, timeoutMs: 60_000 }, was(), [revoked])).rejects.toBe(revoked);
});
