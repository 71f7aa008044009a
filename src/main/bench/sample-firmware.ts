import type { Firmware } from '../../shared/model/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';

/** At the bench's rate, long enough to see it go, short enough to wait for. */
const sizeBytes = 6 * 1024 * 1024;
const pieceBytes = 64 * 1024;

/** Later than what any simulated device comes with. */
const info = {
  fileName: 'simulated-2.1.0.bin',
  version: '2.1.0',
  models: [],
  notes: 'For trying a push on the simulated bench.',
};

/** Puts a file into the library that simulated devices can be updated with. Its bytes are always the same. */
export function addSampleFirmware(firmware: FirmwareStore): Promise<Firmware> {
  return firmware.add(sampleBytes(), info);
}

async function* sampleBytes(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes; at += pieceBytes) {
    const piece = new Uint8Array(pieceBytes);
    for (let index = 0; index < pieceBytes; index += 1) piece[index] = (index * 31 + (at / pieceBytes) * 17) % 251;
    yield piece;
  }
}
