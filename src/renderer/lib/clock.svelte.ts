import { createSubscriber } from 'svelte/reactivity';

/** How often what says "in 12 min" is looked at again. */
const tickMs = 10_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, tickMs);
  return () => clearInterval(timer);
});

/** The time of day, for what is shown: what reads it in an effect or a component is run again as time goes by. */
export const clock = {
  get nowMs(): number {
    subscribe();
    return Date.now();
  },
};
