const shownMs = 8_000;

let text = $state<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

// It speaks of what was in sight.
addEventListener('hashchange', () => notice.dismiss());

/** One short sentence about what has just happened, shown above everything for some seconds. */
export const notice = {
  get text(): string | undefined {
    return text;
  },
  say(sentence: string): void {
    clearTimeout(timer);
    text = sentence;
    timer = setTimeout(notice.dismiss, shownMs);
  },
  dismiss(): void {
    clearTimeout(timer);
    text = undefined;
  },
};
