import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { UpdateId } from '../../../shared/model/index.ts';
import { stateName } from '../../lib/format.ts';
import { devicePercent, type UpdatePicture, withFrame } from '../../lib/progress.ts';

/** How far the board is that is being flashed. */
export class FlashProgress {
  /** 0 to 100 */
  percent = $state(0);
  /** Such as "transferring". */
  step = $state('');

  async follow(client: PushrodClient, updateId: UpdateId, signal: AbortSignal): Promise<void> {
    this.percent = 0;
    this.step = '';
    let picture: UpdatePicture | undefined;
    try {
      for await (const frame of await client.updates.watch({ updateId }, { signal })) {
        picture = withFrame(picture, frame);
        const [device] = picture.devices.values();
        if (!device) continue;
        this.percent = devicePercent(device);
        this.step = stateName(device.state);
      }
    } catch {
      // The slot says what became of it.
    }
  }
}
