/** A button beside the sentence, such as Undo. */
export interface NoticeAction {
  label: string;
  act(): void;
}

const shownMs = 8_000;

let text = $state<string>();
let action = $state.raw<NoticeAction>();
let timer: ReturnType<typeof setTimeout> | undefined;

// It speaks of what was in sight.
addEventListener('hashchange', () => notice.dismiss());

/** One short sentence about what has just happened, shown above everything for some seconds. */
export const notice = {
  get text(): string | undefined {
    return text;
  },
  get action(): NoticeAction | undefined {
    return action;
  },
  say(sentence: string, offer?: NoticeAction): void {
    clearTimeout(timer);
    text = sentence;
    action = offer;
    timer = setTimeout(notice.dismiss, shownMs);
  },
  dismiss(): void {
    clearTimeout(timer);
    text = undefined;
  },
};
