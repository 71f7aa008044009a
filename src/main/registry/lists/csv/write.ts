import { columnNames, columns } from '../../../../shared/list-columns.ts';
import type { Device } from '../../../../shared/model/index.ts';
import { toCell } from './cell.ts';

/**
 * Writes a CSV list that {@link readList} reads back as it was: UTF-8 without a byte-order mark, commas, `\n` line ends
 * (which spreadsheets and shell tools both take), metadata as JSON, formulas defused.
 */
export async function* writeCsv(devices: AsyncIterable<Device[]>): AsyncGenerator<string> {
  yield `${columnNames.join(',')}\n`;
  for await (const batch of devices) {
    let text = '';
    for (const device of batch) text += `${columnNames.map((column) => cellOf(device[columns[column]])).join(',')}\n`;
    if (text !== '') yield text;
  }
}

function cellOf(value: Device[keyof Device]): string {
  if (value === null) return '';
  return toCell(typeof value === 'string' ? value : JSON.stringify(value));
}
