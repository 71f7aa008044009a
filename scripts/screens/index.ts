/** `npm run screens`: takes pictures of every view of the real page, on a simulated bench, into `docs/screens`; the README's into `docs/images`. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/main/app.ts';
import { startServer } from '../../src/main/server/index.ts';
import { launchBrowser } from '../../test/harness/browser.ts';
import { createCamera } from './camera.ts';
import { takeDevices } from './devices.ts';
import { takePushes } from './pushes.ts';
import { setUpSchedules, takeSchedules } from './schedules.ts';
import { takeStart } from './start.ts';
import { setUpViews, takeViews } from './views.ts';

const project = join(import.meta.dirname, '..', '..');
const screens = join(project, 'docs', 'screens');
const dir = mkdtempSync(join(tmpdir(), 'pushrod-screens-'));
const rendererDir = join(project, 'out', 'renderer');

const app = await createApp({ dataDir: join(dir, 'data') });
const server = await startServer({ app, rendererDir });
const browser = await launchBrowser();
const camera = await createCamera(await browser.newPage(), screens);

try {
  await takeStart(camera, server.url, dir);
  await takeDevices(camera, app);
  await takePushes(camera, app, dir);
  await setUpSchedules(app);
  const boards = await setUpViews(app);
  await takeSchedules(camera);
  await takeViews(camera);
  for (const board of boards) await board.close();
  await server.close();
  await camera.page.getByText('The connection to Pushrod was cut').waitFor();
  await camera.shoot('connection-lost', 'Pushrod is away', 'phone');
  camera.writeGallery();
  copyFileSync(join(screens, 'light', 'update-running.webp'), join(project, 'docs', 'images', 'update-running.webp'));
} finally {
  await browser.close();
  await app.close();
  rmSync(dir, { recursive: true });
}
