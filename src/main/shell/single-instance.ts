import { app } from 'electron';

/**
 * One window a data folder: a second start brings the first one's window to the front and ends.
 * @returns false when this is the second
 */
export function becomeSingleInstance(onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', onSecond);
  return true;
}
