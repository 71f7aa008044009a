import type { CsvLayout } from '../../../shared/list-columns.ts';
import type { ListFormat } from '../../../shared/model/index.ts';
import type { PutRow } from '../registry.ts';
import { readAnsible } from './ansible/read.ts';
import { readCsv } from './csv/read.ts';
import { FormFault } from './form-fault.ts';
import { readJson } from './json/read.ts';
import { readSshConfig } from './ssh-config/read.ts';
import { type ListSource, readText } from './text.ts';

/** Rows handed on together: some milliseconds of work. */
const batchSize = 500;

/** One row, or some of them at once. */
type Read = (text: AsyncGenerator<string>, layout: CsvLayout) => AsyncIterable<PutRow | PutRow[]>;

const readers: Record<ListFormat, Read> = {
  csv: readCsv,
  json: readJson,
  'ssh-config': readSshConfig,
  ansible: readAnsible,
};

/**
 * The devices of a list as rows to put, each checked, with the line it starts on (docs/lists.md). CSV and JSON are read as
 * they come, in bounded memory. A fault that ends the reading is the last row. That no device is given twice is for
 * `DeviceRegistry.put` to see. What the source throws passes through; to cancel, stop iterating.
 */
export async function* readList(
  source: ListSource,
  format: ListFormat,
  layout: CsvLayout = {},
): AsyncGenerator<PutRow[]> {
  const text = readText(source);
  let batch: PutRow[] = [];
  try {
    for await (const read of readers[format](text, layout)) {
      if (Array.isArray(read)) batch = batch.length > 0 ? batch.concat(read) : read;
      else batch.push(read);
      while (batch.length >= batchSize) {
        yield batch.slice(0, batchSize);
        batch = batch.slice(batchSize);
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof FormFault)) throw thrown;
    batch.push({ line: thrown.details[0]?.line, faults: thrown.details });
  } finally {
    // The reader may have stopped before the end of the source.
    await text.return(undefined);
  }
  if (batch.length > 0) yield batch;
}
