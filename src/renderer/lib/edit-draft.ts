import type { DeviceFilter, DevicePatch } from '../../shared/model/index.ts';

/** Fields that are set as text on many devices at once; a name and an address are one device's own. */
export const textFields = ['location', 'model'] as const;
export type BulkField = (typeof textFields)[number] | 'profile';

/** A change of many devices as a form has it. */
export interface EditDraft extends Record<BulkField, string> {
  /** Which fields are to change at all. */
  changes: Record<BulkField, boolean>;
  tags: { key: string; value: string }[];
  /** `rack, owner` */
  removedTags: string;
}

export function newEditDraft(): EditDraft {
  return {
    ...{ location: '', model: '', profile: '', tags: [], removedTags: '' },
    changes: { location: false, model: false, profile: false },
  };
}

export function changesOf(draft: EditDraft): DevicePatch {
  const fields = Object.entries(draft.changes)
    .filter(([, isChanged]) => isChanged)
    .map(([field]) => [field, draft[field as BulkField].trim() || null]);
  const setTags = draft.tags.map(({ key, value }) => [key.trim(), value.trim()]).filter(([key]) => key !== '');
  const removeTags = draft.removedTags
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  return {
    ...Object.fromEntries(fields),
    ...(setTags.length > 0 && { setTags: Object.fromEntries(setTags) }),
    ...(removeTags.length > 0 && { removeTags }),
  };
}

/**
 * The filter that finds those among `filter` that have a value already; `undefined` where there can be none, because the
 * filter asks for another one.
 */
export function havingField(filter: DeviceFilter, field: BulkField, value: string | null): DeviceFilter | undefined {
  const asked = filter[field];
  return asked && !asked.includes(value) ? undefined : { ...filter, [field]: [value] };
}

/** The same for a tag. */
export function havingTag(filter: DeviceFilter, key: string, value: string): DeviceFilter | undefined {
  const asked = filter.tags?.[key];
  return asked !== undefined && asked !== value ? undefined : { ...filter, tags: { ...filter.tags, [key]: value } };
}
