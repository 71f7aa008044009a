import { appendFileSync, renameSync, writeFileSync } from 'node:fs';

/** Adds to a file and flushes it before returning. */
export function appendDurably(file: string, text: string): void {
  appendFileSync(file, text, { mode: 0o600, flush: true });
}

/** Puts new content in place of the old in one step (rename(2)). */
export function replaceDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode: 0o600, flush: true });
  renameSync(temporary, file);
}
