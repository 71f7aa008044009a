import { SvelteSet } from 'svelte/reactivity';

/** Something a person can do by its name in the palette, or by its keys. */
export interface Command {
  /** Stays the same in every language. */
  id: string;
  title: string;
  group: string;
  /** As tinykeys writes them: `$mod+k`, `g d`, `[Shift]+?`. */
  keys?: string;
  run(): void;
}

type Offer = () => readonly Command[];
const offers = new SvelteSet<Offer>();

/** What can be done now: everything that the views in sight offer. */
export const commands = {
  get all(): Command[] {
    return [...offers].flatMap((offer) => offer());
  },
  /** Within an effect: `$effect(() => commands.offer(() => […]))`. */
  offer(offer: Offer): () => void {
    offers.add(offer);
    return () => offers.delete(offer);
  },
  run(id: string): void {
    commands.all.find((command) => command.id === id)?.run();
  },
};
