import { locale, speak } from './catalogue.ts';
import { en } from './en/index.ts';

const storageKey = 'pushrod.language';

/** Each by its own name: whoever looks for it may not read the other. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const isLanguage = (text: string | null): text is Language => text !== null && Object.hasOwn(languages, text);

function chosen(): Language | undefined {
  const stored = localStorage.getItem(storageKey);
  return isLanguage(stored) ? stored : undefined;
}

/** The first one that the system asks for and the page speaks. */
function ofSystem(): Language {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0] ?? '');
  return wanted.find(isLanguage) ?? 'en';
}

async function apply(): Promise<void> {
  const current = chosen() ?? ofSystem();
  // Only who reads German loads it.
  const messages = current === 'de' ? (await import('./de/index.ts')).de : en;
  // Their own way of writing dates, where the system names one: British days come before months.
  speak(messages, navigator.languages.find((tag) => tag.split('-')[0] === current) ?? current);
  document.documentElement.lang = current;
}

/** The language of the page: the system's, until a person chooses. */
export const language = {
  get chosen(): Language | undefined {
    // Speaking tells whoever reads it that another one may be chosen.
    locale();
    return chosen();
  },
  /** Before the page is shown. */
  start: apply,
  /** @param wanted what the system has, when left out */
  async choose(wanted: Language | undefined): Promise<void> {
    if (wanted === undefined) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, wanted);
    await apply();
  },
};
