/**
 * Answers that cost a look at every device, such as how many match. They are kept for the state they were read in, so they
 * are exact: PostgreSQL names a state by its snapshot, and a new one comes with every commit.
 */
export interface Remembered {
  /** The answer to a question in a state: the one known, or that of `find`. */
  get<T>(state: string, question: unknown, find: () => Promise<T>): Promise<T>;
  forget(): void;
}

/** A page is asked for again and again while someone scrolls, of one filter after the other. */
const mostAnswers = 100;

export function createRemembered(): Remembered {
  const answers = new Map<string, unknown>();
  let current = '';
  return {
    async get<T>(state: string, question: unknown, find: () => Promise<T>): Promise<T> {
      const key = JSON.stringify(question);
      if (state !== current || answers.size >= mostAnswers) answers.clear();
      current = state;
      if (answers.has(key)) return answers.get(key) as T;
      const found = await find();
      if (state === current) answers.set(key, found);
      return found;
    },
    forget: () => answers.clear(),
  };
}
