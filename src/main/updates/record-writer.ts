import { type ErrorValue, PushrodError, toErrorValue } from '../../shared/errors.ts';
import type { CommandOutput, UpdateId } from '../../shared/model/index.ts';
import type { Append, Audit } from '../audit/index.ts';
import type { Database } from '../data/index.ts';
import { createDeviceRows, type DeviceRecord, type DeviceRows } from './device-rows.ts';

/** Something that goes on record with what else happens at its moment. */
export type Entry = { updateId: UpdateId } & (
  | { type: 'device'; device: DeviceRecord; at: string; actor: string; reason: string | null | undefined }
  | { type: 'output'; output: CommandOutput }
);

/** What became of each entry of a batch; an error is that of what no table has a way for. */
export type Written = (ErrorValue | null)[];

/** The actor of what nobody asked for. */
export const itself = 'pushrod';

/** Writes batches of entries, each in one commit: what is refused in one of them is no reason against the others. */
export function createRecordWriter(database: Database, audit: Audit): (batch: Entry[]) => Written {
  const devices = createDeviceRows(database);
  const insertOutput = database.prepare(`
    INSERT INTO command_outputs (update_id, device_id, attempt, step, command, exit_code, output, at)
    VALUES (@updateId, @deviceId, @attempt, @step, @command, @exitCode, @output, @at)`);

  return (batch) =>
    audit.record((append) =>
      batch.map((entry) => {
        const { updateId } = entry;
        if (entry.type === 'output') {
          insertOutput.run({ ...entry.output, updateId });
          return null;
        }
        try {
          recordStep(devices, entry, append);
        } catch (thrown) {
          if (!(thrown instanceof PushrodError)) throw thrown;
          return toErrorValue(thrown);
        }
        return null;
      }),
    );
}

/** Sets a device to its state, and puts that on record. @throws PushrodError `INTERNAL` where no way leads there */
export function recordStep(devices: DeviceRows, entry: Extract<Entry, { type: 'device' }>, append: Append): void {
  const { updateId, device, at, actor, reason: detail } = entry;
  devices.set(updateId, device);
  append({ subject: 'device-update', subjectId: device.deviceId, updateId, action: device.state, detail, at, actor });
}
