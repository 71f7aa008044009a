import { describe, expect, it } from 'vitest';
import { type ErrorCode, PushrodError } from '../../shared/errors.ts';
import { type Before, type Confirmation, confirm, type Running } from './confirm.ts';

const before: Before = { version: '1.0', bootId: 'first boot', hasGone: false };
const wanted: Confirmation = { version: '2.0', rebootExpected: false, timeoutMs: 60_000 };
const old: Running = { version: '1.0', bootId: 'first boot' };
const failure = (code: ErrorCode) => new PushrodError(code, `This is ${code}.`);

/** A device that answers, or fails to, with each of these in turn, and stays with the last. */
function device(...answers: (Running | ErrorCode)[]) {
  let asked = 0;
  return {
    asked: () => asked,
    async ask(): Promise<Running> {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? old;
      asked += 1;
      if (typeof answer === 'string') throw failure(answer);
      return answer;
    },
  };
}
const until = new AbortController().signal;

describe('a device that is waited for after its activation', () => {
  it.each(['HOST_KEY_CHANGED', 'HOST_KEY_UNKNOWN', 'HOST_KEY_REVOKED'] as const)(
    'ends the wait at once with %s',
    async (code) => {
      const { ask, asked } = device('UNREACHABLE', code);
      await expect(confirm(wanted, before, ask, until)).rejects.toMatchObject({ code });
      expect(asked()).toBe(2);
    },
  );

  it.each(['UNREACHABLE', 'CONNECTION_LOST', 'TIMEOUT', 'AUTH_FAILED', 'DEVICE_ERROR'] as const)(
    'is asked again after %s',
    async (code) => {
      const { ask, asked } = device(code, { version: '2.0', bootId: undefined });
      await confirm(wanted, before, ask, until);
      expect(asked()).toBe(2);
    },
  );

  it('is asked for a short while only, where it answers and the push was stopped meanwhile', async () => {
    const { ask } = device('UNREACHABLE', old);
    const message =
      'Version 2.0 was not confirmed: it reports 1.0. The push was stopped when its activation was to begin or had begun; which of them is not known.';
    const waited = confirm({ ...wanted, settleMs: 300 }, before, ask, until);
    await expect(waited).rejects.toMatchObject({ code: 'VERSION_NOT_CONFIRMED', message });
  });

  it('may still come up with the new version in that while', async () => {
    await confirm({ ...wanted, settleMs: 300 }, before, device(old, { version: '2.0', bootId: undefined }).ask, until);
  });

  it('is waited for as long as any other once it does not answer', async () => {
    const { ask } = device(old, 'UNREACHABLE');
    const waited = confirm({ ...wanted, timeoutMs: 700, settleMs: 400 }, before, ask, until);
    await expect(waited).rejects.toThrow('was not confirmed within 0.7 s');
  });

  describe('that was to reboot', () => {
    const rebooted: Confirmation = { version: undefined, rebootExpected: true, timeoutMs: 700 };
    const tellsNone: Running = { version: '1.0', bootId: undefined };

    it.each([
      ['cannot be reached for a while', 'UNREACHABLE'],
      ['ends a connection', 'CONNECTION_LOST'],
    ] as const)('has, when it tells no boot id and %s', async (_, code) => {
      await confirm(rebooted, before, device(code, tellsNone).ask, until);
    });

    it.each([
      ['has another boot id', { version: undefined, bootId: 'second boot' }, before],
      ['was seen to go while it activated, and tells none', tellsNone, { ...before, hasGone: true }],
    ])('has, when it %s', async (_, running, seenBefore) => {
      await confirm(rebooted, seenBefore, device(running).ask, until);
    });

    it('has, when it runs another version than before', async () => {
      const running = { version: '2.0', bootId: undefined };
      await confirm({ ...wanted, rebootExpected: true }, before, device(running).ask, until);
    });

    it.each([
      ['was only slow to answer', device('TIMEOUT', old), before],
      ['was cut off, and has the boot id of before', device('CONNECTION_LOST', old), before],
      ['was cut off while it activated, likewise', device(old), { ...before, hasGone: true }],
      ['tells no boot id', device({ version: undefined, bootId: undefined }), before],
      ['told none before', device({ ...old, bootId: 'some boot' }), { ...before, bootId: undefined }],
    ])('is not taken to have, when it %s', async (_, { ask }, seenBefore) => {
      await expect(confirm(rebooted, seenBefore, ask, until)).rejects.toMatchObject({
        code: 'VERSION_NOT_CONFIRMED',
        message: 'The reboot was not confirmed within 0.7 s: it has not rebooted.',
      });
    });

    it('is not taken to have for a version that it ran before as well', async () => {
      const again = { ...wanted, version: '1.0', rebootExpected: true, timeoutMs: 700 };
      await expect(confirm(again, before, device(old).ask, until)).rejects.toMatchObject({
        message: 'Version 1.0 was not confirmed within 0.7 s: it has not rebooted.',
      });
    });
  });

  it.each([
    ['v2.0.0', '2.0', true],
    ['2.0+build.7', '2.0', true],
    ['2.0', '2.0+build.7', true],
    ['2.0+build.6', '2.0+build.7', false],
    ['2.0.1', '2.0', false],
    [undefined, '2.0', false],
  ])('and reports %s runs %s: %s', async (version, expected, isRight) => {
    const confirming = confirm(
      { ...wanted, version: expected, timeoutMs: isRight ? 60_000 : 300 },
      before,
      device({ version, bootId: undefined }).ask,
      until,
    );
    if (isRight) await confirming;
    else await expect(confirming).rejects.toThrow(`it reports ${version ?? 'no version'}.`);
  });

  it('and keeps a question for ever is given up in time, and the question with it', async () => {
    let given: AbortSignal | undefined;
    const ask = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        given = signal;
        signal.addEventListener('abort', () => reject(failure('CANCELLED')));
      });
    await expect(confirm({ ...wanted, timeoutMs: 300 }, before, ask, until)).rejects.toMatchObject({
      code: 'VERSION_NOT_CONFIRMED',
      message: 'Version 2.0 was not confirmed within 0.3 s: it has not answered since its activation.',
    });
    expect(given?.aborted).toBe(true);
  });

  it('is let go within a second when that is asked between two questions, which are seconds apart by then', async () => {
    const cancel = new AbortController();
    const { ask, asked } = device(old);
    let cancelledAtMs = 0;
    const confirming = confirm(
      wanted,
      before,
      async () => {
        if (asked() === 3) {
          setImmediate(() => {
            cancelledAtMs = performance.now();
            cancel.abort();
          });
        }
        return ask();
      },
      cancel.signal,
    );
    await expect(confirming).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - cancelledAtMs).toBeLessThan(1_000);
    expect(asked()).toBe(4);
  });
});
