/** The program of the thread that writes the journal of devices: the disk's time is not the core's. */
import { parentPort, workerData } from 'node:worker_threads';
import { PushrodError, toErrorValue } from '../../shared/errors.ts';
import { createAudit } from '../audit/index.ts';
import { openBeside, systemClock } from '../data/index.ts';
import { createRecordWriter, type Entry } from './record-writer.ts';
import type { FromRecordThread } from './recorder.ts';

const port = parentPort;
if (!port) throw new PushrodError('INTERNAL', 'record-thread.ts runs as a worker thread only.');
const tell = (message: FromRecordThread) => port.postMessage(message);

const database = openBeside(workerData as string);
const write = createRecordWriter(database, createAudit(database, systemClock));
port.on('message', (batch: Entry[] | 'close') => {
  if (batch === 'close') {
    database.close();
    return port.close();
  }
  try {
    tell({ written: write(batch) });
  } catch (thrown) {
    tell({ failed: toErrorValue(thrown) });
  }
});
