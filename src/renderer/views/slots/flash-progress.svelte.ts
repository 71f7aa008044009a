import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { DeviceUpdateState, UpdateId } from '../../../shared/model/index.ts';
import { devicePercent } from '../../lib/progress.ts';
import { type UpdatePicture, withFrame } from '../../lib/update-picture.ts';

/** How far the board is that is being flashed. */
export class FlashProgress {
  /** 0 to 100 */
  percent = $state(0);
  /** What is done to it now; `undefined` until that is known. */
  step = $state<DeviceUpdateState>();

  async follow(client: PushrodClient, updateId: UpdateId, signal: AbortSignal): Promise<void> {
    this.percent = 0;
    this.step = undefined;
    let picture: UpdatePicture | undefined;
    try {
      for await (const frame of await client.updates.watch({ updateId }, { signal })) {
        picture = withFrame(picture, frame);
        const [device] = picture.devices.values();
        if (!device) continue;
        this.percent = devicePercent(device);
        this.step = device.state;
      }
    } catch {
      // The slot says what became of it.
    }
  }
}
