/** The program of the thread that makes a backup. */
import { parentPort, workerData } from 'node:worker_threads';
import { PushrodError, toErrorValue } from '../../shared/errors.ts';
import type { FromBackupThread } from './backup.ts';
import { storageFailure } from './storage-failure.ts';
import { type BackupRequest, writeBackup } from './write-backup.ts';

const port = parentPort;
if (!port) throw new PushrodError('INTERNAL', 'backup-thread.ts runs as a worker thread only.');
const tell = (message: FromBackupThread) => port.postMessage(message);
/** At most this often is progress told. */
const progressEveryMs = 50;

const request = workerData as BackupRequest;
const abort = new AbortController();
port.once('message', () => abort.abort());
let toldAtMs = Number.NEGATIVE_INFINITY;
try {
  const backup = await writeBackup(request, abort.signal, (progress) => {
    if (performance.now() - toldAtMs < progressEveryMs && progress.bytesDone < progress.bytesTotal) return;
    toldAtMs = performance.now();
    tell({ type: 'progress', progress });
  });
  tell({ type: 'done', backup });
} catch (thrown) {
  const cancelled = new PushrodError('CANCELLED', 'The backup was cancelled; nothing of it is left.');
  tell({ type: 'failed', error: toErrorValue(abort.signal.aborted ? cancelled : storageFailure(thrown, request.to)) });
}
port.close();
