import type { PushrodClient } from '../../../shared/contract/index.ts';
import { toFailure } from '../../lib/failure.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { type ChosenDevices, stillThere } from '../../lib/selection.svelte.ts';
import { t } from '../../messages/index.ts';

/** Asks devices whether they answer, and which version they run, and says how many do; the list shows which. */
export async function checkDevices(client: PushrodClient, { selection, count }: ChosenDevices): Promise<void> {
  if (!selection) return;
  notice.say(t().devices.check.asking(count));
  try {
    const { online, offline } = await client.devices.check({ selection: stillThere(selection) });
    notice.say(t().devices.check.done(online, offline));
  } catch (thrown) {
    notice.say(toFailure(thrown).message);
  }
}
