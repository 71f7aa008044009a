import type { Device } from '../../../../shared/model/index.ts';

/** Writes `{"devices":[…]}`, a device a line. */
export async function* writeJson(devices: AsyncIterable<Device[]>): AsyncGenerator<string> {
  let lead = '{"devices":[\n';
  for await (const batch of devices) {
    if (batch.length === 0) continue;
    yield lead + batch.map((device) => JSON.stringify(device)).join(',\n');
    lead = ',\n';
  }
  yield lead === ',\n' ? '\n]}\n' : '{"devices":[]}\n';
}
