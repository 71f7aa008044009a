/** Does something again and again, and never more often than it is worth. */
export interface Pace {
  /** At once; what is asked for too soon after the last time is done once, when it is time. */
  ask(work: () => void): void;
  /** What is still to be done is of no interest any more. */
  stop(): void;
}

/** @param gapMs between one time and the next */
export function createPace(gapMs: number): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next: (() => void) | undefined;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      const work = next;
      next = undefined;
      if (!work) return;
      work();
      rest();
    }, gapMs);
  };
  return {
    ask(work) {
      if (timer !== undefined) {
        next = work;
        return;
      }
      work();
      rest();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      next = undefined;
    },
  };
}
