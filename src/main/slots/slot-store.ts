import { PushrodError } from '../../shared/errors.ts';
import { type NamedSlot, namedSlot } from '../../shared/model/index.ts';
import { createSetting, type Database } from '../data/index.ts';

/** The slots of this laptop, by name. */
export interface SlotStore {
  list(): NamedSlot[];
  /** @throws PushrodError `SLOT_NOT_FOUND` */
  get(name: string): NamedSlot;
  set(slot: NamedSlot): NamedSlot;
  /** @throws PushrodError `SLOT_NOT_FOUND` */
  remove(name: string): void;
}

/** A bench has a handful, so that they fit into one setting. */
export function createSlotStore(database: Database): SlotStore {
  const setting = createSetting(database, 'slots');
  const list = () => namedSlot.array().parse(JSON.parse(setting.get() ?? '[]'));
  const write = (slots: NamedSlot[]) => setting.set(JSON.stringify(slots));
  const get = (name: string) => {
    const found = list().find((slot) => slot.name === name);
    if (!found) throw new PushrodError('SLOT_NOT_FOUND', `There is no slot "${name}".`);
    return found;
  };
  const others = (name: string) => list().filter((slot) => slot.name !== name);

  return {
    list,
    get,
    set(slot) {
      write([...others(slot.name), slot].sort((one, other) => one.name.localeCompare(other.name)));
      return slot;
    },
    remove(name) {
      get(name);
      write(others(name));
    },
  };
}
