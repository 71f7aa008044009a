import { app } from 'electron';

/** What is not closed by then is cut off: the journal is written for that, and a logging-off system does not wait. */
const closeWithinMs = 8_000;

/** Closes the core in order before the program ends, however it was asked to end. */
export function closeBeforeQuit(steps: (() => Promise<void> | undefined)[]): void {
  let closing = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    setTimeout(() => app.exit(1), closeWithinMs);
    closeAll(steps).then((failed) => app.exit(failed ? 1 : 0));
  });
}

/** A step that fails does not keep the next from closing. @returns whether one failed */
async function closeAll(steps: (() => Promise<void> | undefined)[]): Promise<boolean> {
  let failed = false;
  for (const step of steps) {
    try {
      await step();
    } catch (thrown) {
      failed = true;
      console.error(thrown);
    }
  }
  return failed;
}
