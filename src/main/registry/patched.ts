import { PushrodError } from '../../shared/errors.ts';
import { type Device, type DevicePatch, metadata as metadataSchema } from '../../shared/model/index.ts';

/**
 * What a device becomes by the fields given; tags are set and taken away in the metadata that it has, or is given.
 * @throws PushrodError `INVALID_INPUT` when its metadata cannot hold the tags as well
 */
export function patched(device: Device, patch: DevicePatch, at: string): Device {
  const { setTags, removeTags, ...fields } = patch;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const changed: Device = { ...device, ...given, updatedAt: at };
  if (setTags || removeTags) changed.metadata = withTags(changed, setTags ?? {}, removeTags ?? []);
  return changed;
}

function withTags({ name, metadata }: Device, set: NonNullable<DevicePatch['setTags']>, removed: readonly string[]) {
  const without = Object.fromEntries(Object.entries(metadata).filter(([key]) => !removed.includes(key)));
  const checked = metadataSchema.safeParse({ ...without, ...set });
  if (checked.success) return checked.data;
  const message = checked.error.issues.map((issue) => issue.message).join('; ');
  throw new PushrodError('INVALID_INPUT', `The tags do not fit "${name}": its ${message}.`, [
    { field: 'setTags', message },
  ]);
}
