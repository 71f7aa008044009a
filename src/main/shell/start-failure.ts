import { app, dialog } from 'electron';
import { hintFor, toPushrodError } from '../../shared/errors.ts';

/** The terminal's exit codes: 5 when the data folder cannot be opened, otherwise 1. */
const exitCodes: Partial<Record<string, number>> = {
  DATA_FOLDER_IN_USE: 5,
  DATA_FOLDER_TOO_NEW: 5,
  DATABASE_DAMAGED: 5,
  STORAGE_FAILED: 5,
};

/** Says why Pushrod cannot start and what to do, then ends it. */
export function failStart(thrown: unknown): void {
  const error = toPushrodError(thrown);
  console.error(thrown);
  dialog.showErrorBox('Pushrod cannot start', `${error.message}\n\n${hintFor(error.code)}`);
  app.exit(exitCodes[error.code] ?? 1);
}
