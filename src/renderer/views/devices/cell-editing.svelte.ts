import { createContext } from 'svelte';
import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Device, DeviceId, DevicePatch } from '../../../shared/model/index.ts';
import { editDevice } from '../../lib/device-edits.ts';
import { type Failure, problemWith, toFailure } from '../../lib/failure.ts';
import { session } from '../../lib/session.svelte.ts';
import type { Column } from './column-list.ts';

/** Fields that are changed where they are shown, in the order in which Tab goes through them. */
export const editableFields = ['name', 'address', 'location', 'model', 'profile'] as const;
export type EditableField = (typeof editableFields)[number];

export const isEditable = (field: string): field is EditableField => editableFields.includes(field as EditableField);

/** These cannot be empty. */
const required: readonly EditableField[] = ['name', 'address'];

/** The one cell that is being changed. It is held here and not by its row, which may move while someone types. */
export class CellEditing {
  open = $state.raw<{ device: Device; field: EditableField }>();
  typed = $state('');
  /** What is wrong with what was typed. */
  problem = $state<string>();
  #isSaving = false;

  isOpen(id: DeviceId, field: EditableField): boolean {
    return this.open?.device.id === id && this.open.field === field;
  }

  begin(device: Device, field: EditableField): void {
    this.open = { device, field };
    this.typed = device[field] ?? '';
    this.problem = undefined;
  }

  /** The first column of a row that can be changed. */
  beginRow(device: Device | undefined, columns: readonly Column[]): void {
    const field = editableOf(columns)[0];
    if (device && field && !session.isLost) this.begin(device, field);
  }

  cancel(): void {
    this.open = undefined;
  }

  /**
   * Saves it, and is over unless something is wrong.
   * @param step goes on to the next field or the one before, among those that are shown
   */
  async keep(client: PushrodClient, among: readonly EditableField[], step?: 1 | -1): Promise<void> {
    const { open } = this;
    if (!open || this.#isSaving) return;
    this.#isSaving = true;
    this.problem = await saveField(client, open.device, open.field, this.typed);
    this.#isSaving = false;
    if (this.problem !== undefined || this.open !== open) return;
    const next = step && among[among.indexOf(open.field) + step];
    if (next) this.begin(open.device, next);
    else this.open = undefined;
  }
}

export const editableOf = (columns: readonly Column[]): EditableField[] =>
  columns.map(({ key }) => key).filter(isEditable);

interface Editing {
  editing: CellEditing;
  client: () => PushrodClient;
}
const [cellEditing, setCellEditing] = createContext<Editing>();

export { cellEditing };

/** For the cells of a table. */
export function provideCellEditing(client: () => PushrodClient): CellEditing {
  return setCellEditing({ editing: new CellEditing(), client }).editing;
}

/** Saves a field of a device as it was typed. @returns what is wrong with it */
async function saveField(
  client: PushrodClient,
  device: Device,
  field: EditableField,
  typed: string,
): Promise<string | undefined> {
  const value = typed.trim();
  if (value === (device[field] ?? '')) return undefined;
  const changes: DevicePatch = { [field]: value === '' && !required.includes(field) ? null : value };
  try {
    await editDevice(client, device, changes);
    return undefined;
  } catch (thrown) {
    const failure: Failure = toFailure(thrown);
    return problemWith(failure, field) ?? failure.message;
  }
}
