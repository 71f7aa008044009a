import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** No 0, O, 1, I or L: a code is read from one screen and typed on another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const codeLength = 8;
const wrongCodesAllowed = 5;
const windowMs = 60_000;
const lockoutMs = 60_000;

export type PairingOutcome = 'paired' | 'wrong' | 'locked';

export interface Pairing {
  /** The code that pairs the next browser. */
  readonly code: string;
  /** A code works once; five wrong ones within a minute lock pairing for a minute. */
  attempt(code: string): PairingOutcome;
}

/**
 * @param now milliseconds of a clock that never goes back
 * @param onNewCode hears each code that replaces a used one
 */
export function createPairing(now: () => number, onNewCode: (code: string) => void): Pairing {
  let code = newCode();
  let lockedUntil = Number.NEGATIVE_INFINITY;
  let wrongAt: number[] = [];

  function noteWrong(): void {
    wrongAt = [...wrongAt.filter((at) => at > now() - windowMs), now()];
    if (wrongAt.length < wrongCodesAllowed) return;
    wrongAt = [];
    lockedUntil = now() + lockoutMs;
  }

  return {
    get code() {
      return code;
    },
    attempt(candidate) {
      if (now() < lockedUntil) return 'locked';
      if (!isSame(candidate, code)) {
        noteWrong();
        return 'wrong';
      }
      code = newCode();
      onNewCode(code);
      return 'paired';
    },
  };
}

function newCode(): string {
  return Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Compares digests, so that neither length nor content shows in the time it takes. */
function isSame(candidate: string, code: string): boolean {
  const tidy = candidate.toUpperCase().replaceAll(/[\s-]/g, '');
  return timingSafeEqual(digest(tidy), digest(code));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
