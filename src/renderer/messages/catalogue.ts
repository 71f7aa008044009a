import { createSubscriber } from 'svelte/reactivity';
import { en } from './en/index.ts';

/** Everything the page says, by the place where it says it. English is the model that each language is checked against. */
export type Messages = typeof en;

let spoken: { messages: Messages; locale: string } = { messages: en, locale: 'en' };
const readers = new Set<() => void>();
const subscribe = createSubscriber((update) => {
  readers.add(update);
  return () => readers.delete(update);
});

/** What the page says, in the language that was chosen. Whatever shows it is shown anew in another language. */
export function t(): Messages {
  subscribe();
  return spoken.messages;
}

/** The BCP 47 tag by which dates and numbers are written. */
export function locale(): string {
  subscribe();
  return spoken.locale;
}

export function speak(messages: Messages, inLocale: string): void {
  spoken = { messages, locale: inLocale };
  for (const read of readers) read();
}
