import { powerMonitor } from 'electron';
import type { App } from '../app.ts';

/** What came due while the laptop slept is looked at as it wakes up. */
export function lookOnWake(core: Pick<App, 'onWake'>): void {
  powerMonitor.on('resume', () => core.onWake());
}
