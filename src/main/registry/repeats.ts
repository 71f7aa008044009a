import type { ErrorDetail } from '../../shared/errors.ts';
import type { NewDevice } from '../../shared/model/index.ts';

/** Finds a device that is given twice among the rows of one put. */
export interface Repeats {
  /** The fault of a row whose id, or name and address, an earlier row has; it is remembered otherwise. */
  check(device: NewDevice, line: number | undefined): ErrorDetail | undefined;
  /** The fault of a row without an id that turned out to be a device which an earlier row named; remembered otherwise. */
  checkFound(device: NewDevice, id: string, line: number | undefined): ErrorDetail | undefined;
}

export function createRepeats(): Repeats {
  const lineOf = new Map<string, number | undefined>();
  const checkKey = (key: string, { id, name, address }: NewDevice, line: number | undefined) => {
    if (!lineOf.has(key)) {
      lineOf.set(key, line);
      return undefined;
    }
    const earlier = lineOf.get(key);
    const where = earlier === undefined ? 'is given twice' : `is already on line ${earlier}`;
    return id === undefined
      ? { line, field: 'name', message: `"${name}" at ${address} ${where}` }
      : { line, field: 'id', message: `"${id}" ${where}` };
  };
  return {
    check: (device, line) => checkKey(device.id ?? `${device.name}\n${device.address}`, device, line),
    checkFound: (device, id, line) => (device.id === undefined ? checkKey(id, device, line) : undefined),
  };
}

/** The fault of a row that is to be new but is registered already as `id`. */
export function alreadyRegistered(device: NewDevice, id: string, line: number | undefined): ErrorDetail {
  return device.id === undefined
    ? {
        line,
        field: 'name',
        message: `"${device.name}" at ${device.address} is already registered (id ${id}); skip or update it, or give the row an id of its own`,
      }
    : { line, field: 'id', message: `"${id}" is already registered; skip or update it, or change the id` };
}
