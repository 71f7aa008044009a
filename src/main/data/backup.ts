import { Worker } from 'node:worker_threads';
import { type ErrorValue, fromErrorValue, PushrodError } from '../../shared/errors.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Backup, BackupRequest, Progress } from './write-backup.ts';

export interface BackupOptions {
  dataDir: string;
  /** The folder to make; refused when it exists. */
  to: string;
  /** Also the files of the firmware library. */
  withFirmware?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  clock?: Clock;
  /** The thread's program, where it does not lie beside this one. */
  threadEntry?: URL;
}

export type FromBackupThread =
  | { type: 'progress'; progress: Progress }
  | { type: 'done'; backup: Backup }
  | { type: 'failed'; error: ErrorValue };

const isSource = import.meta.url.endsWith('.ts');
const defaultThreadEntry = new URL(isSource ? './backup-thread.ts' : './backup.js', import.meta.url);

/**
 * Makes a backup of a data folder, whether or not a Pushrod uses it. A thread does so, and this one stays free.
 * @throws PushrodError `CONFLICT` when the target exists, `INVALID_INPUT`, `DATA_FOLDER_TOO_NEW`,
 *   `DATA_FOLDER_IN_USE` while a restore is under way, `DATABASE_DAMAGED`, `STORAGE_FAILED`, `CANCELLED`
 */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const { dataDir, to, withFirmware = false, signal, onProgress, clock = systemClock } = options;
  const request: BackupRequest = { dataDir, to, withFirmware, nowMs: clock.now() };
  const thread = new Worker(options.threadEntry ?? defaultThreadEntry, { workerData: request });
  const done = Promise.withResolvers<Backup>();
  thread.on('message', (message: FromBackupThread) => {
    if (message.type === 'progress') onProgress?.(message.progress);
    else if (message.type === 'done') done.resolve(message.backup);
    else done.reject(fromErrorValue(message.error));
  });
  thread.on('error', done.reject);
  thread.on('exit', (code) => done.reject(new PushrodError('INTERNAL', `The backup's thread ended with ${code}.`)));
  const cancel = () => thread.postMessage('cancel');
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted) cancel();
  try {
    return await done.promise;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
