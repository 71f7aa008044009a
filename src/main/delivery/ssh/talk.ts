import type { AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import type { Attempt } from './attempts.ts';

/** How a host is asked to let us in, and what came of it, over one or more connections. */
export interface Talk {
  /** Shows a host what there is, in order, leaving out what it does not take; for one connection. */
  handler(attempts: readonly Attempt[], giveUp: () => void): AuthHandlerMiddleware;
  /** Keeps a sentence for the message of a refusal. */
  note(sentence: string): void;
  /** Whether something was shown and refused. */
  hasTried(): boolean;
  /** Why no one was let in. */
  refusal(at: string, cause?: Error): PushrodError;
}

/** ssh2 takes it for the end of the tries; its types do not know. */
const noneLeft = false as never;

export function createTalk(): Talk {
  const refused: string[] = [];
  const accepted: string[] = [];
  const left = new Set<Attempt>();
  const notes = new Set<string>();
  let taken: readonly AuthenticationType[] = [];

  return {
    handler(attempts, giveUp) {
      for (const attempt of attempts) left.add(attempt);
      let last: Attempt | undefined;
      let isStale = false;
      let hasAsked = false;
      return (methodsLeft, isPartial, next) => {
        // RFC 4252 5.2: with "none" a host says which methods it takes, and no password goes where none is asked for.
        if (!hasAsked) {
          hasAsked = true;
          return next({ type: 'none', username: attempts[0]?.username ?? '' });
        }
        if (isPartial && last) accepted.push(...refused.splice(-1));
        taken = methodsLeft;
        const wanted = attempts.find((one) => left.has(one) && (isStale || methodsLeft.includes(one.method)));
        if (!wanted) return next(noneLeft);
        last = wanted;
        left.delete(wanted);
        if (refused.at(-1) !== wanted.says) refused.push(wanted.says);
        const auth = wanted.auth(giveUp);
        // ssh2 does not tell what a host said of an agent's key.
        isStale = auth.type === 'agent';
        next(auth);
      };
    },
    note: (sentence) => void notes.add(sentence),
    hasTried: () => refused.length > 0,
    refusal(at, cause) {
      const shown = [...refused, ...accepted];
      const unshown = [...new Set([...left].map(({ says }) => says))].filter((says) => !shown.includes(says));
      const sentences = [
        ...(accepted.length > 0 ? [`${at} took ${accepted.join(', then ')}, but wants more.`] : []),
        refused.length > 0 ? `${at} refused ${refused.join(', then ')}.` : `${at} refused the login.`,
        ...(unshown.length > 0 ? [`Not shown: ${unshown.join(', ')}.`] : []),
        ...(taken.length > 0 ? [`It takes ${taken.join(', ')}.`] : []),
        ...notes,
      ];
      return new PushrodError('AUTH_FAILED', sentences.join(' '), [], { cause });
    },
  };
}
