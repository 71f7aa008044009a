/** Asks again and again while someone types: after a pause, and only the answer to what was asked last counts. */
export interface Latest<T> {
  /** Asks after the pause, unless something else is asked meanwhile. @param take hears the answer if none was asked for since */
  ask(load: () => Promise<T>, take: (answer: T) => void): void;
  /** Whatever is on its way is of no interest any more. */
  stop(): void;
}

/** @param pauseMs how long a pause in the typing is worth an answer */
export function createLatest<T>(pauseMs: number): Latest<T> {
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    asked += 1;
  };
  return {
    stop,
    ask(load, take) {
      stop();
      const mine = asked;
      timer = setTimeout(async () => {
        const answer = await load();
        if (mine === asked) take(answer);
      }, pauseMs);
    },
  };
}
