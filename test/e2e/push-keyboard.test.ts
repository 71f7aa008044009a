import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;
/** More stops than any place has between two things that are wanted. */
const mostStops = 120;

describe.runIf(has('chromium'))('a push by keyboard alone', () => {
  const here = usePage();
  const key = (name: string) => here.page.keyboard.press(name);
  const update = (state: string) => here.page.locator(`[data-update-state=${state}]`).waitFor({ timeout: 30_000 });

  /** What has the focus, by its name. */
  const focused = () =>
    here.page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      const label = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent;
      return (label ?? '').replace(/\s+/g, ' ').trim();
    });

  /** Goes on with Tab until something of that name has the focus. */
  const reach = async (name: RegExp) => {
    const passed: string[] = [];
    for (let stop = 0; stop < mostStops; stop += 1) {
      const found = await focused();
      if (name.test(found)) return;
      passed.push(found.slice(0, 40));
      await key('Tab');
    }
    throw new Error(`Tab never came to ${name}, but to ${passed.join(' | ')}`);
  };
  const press = async (name: RegExp) => {
    await reach(name);
    await key('Enter');
  };
  const write = async (name: RegExp, text: string) => {
    await reach(name);
    await key('Control+a');
    await here.page.keyboard.type(text);
  };
  const tick = async (name: RegExp) => {
    await reach(name);
    await key('Space');
  };

  it('is put together, watched, paused, approved, read about, cancelled and tried again', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Try with a simulated bench' }).waitFor();
    await press(/^Try with a simulated bench/);
    await here.devices().getByText('camera-02').waitFor();
    const file = join(here.dir, 'keys-1.0.bin');
    makeFile(file, mib);
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '1.0']);
    const far = ['--address', '127.0.0.1:9', '--profile', 'simulated'];
    for (const id of ['far-1', 'far-2'])
      await cliJson(here.dataDir, ['devices', 'add', '--id', id, '--name', id, ...far]);

    await key('p');
    await here.sheet().waitFor();
    await press(/^keys-1\.0\.bin/);
    await here.sheet().locator('button:focus').waitFor();
    await tick(/^All 10 devices/);
    await tick(/^In phases/);
    await write(/^Phases$/, '2, 100 %');
    await tick(/^Each further phase waits/);
    await press(/^Limits and safeguards/);
    await write(/^Rate, MiB\/s/, '1');
    await press(/^Push to 10 devices/);
    await update('running');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');

    await press(/^Pause$/);
    await update('paused');
    // The button is gone; what can be done now is the next stop.
    await page.locator('h1:focus').waitFor();
    await press(/^Resume$/);
    await page.getByText('Phase 1 has ended and waits for approval.').waitFor({ timeout: 30_000 });
    await press(/^Begin phase 2$/);
    await update('running');
    await press(/succeeded$/);
    await page.locator('[data-device]').first().waitFor();
    expect(await page.locator('[data-device]:not([data-state=succeeded])').count()).toBe(0);
    await press(/^All$/);
    await page.locator('[data-device]').nth(9).waitFor();
    await press(/^Event log$/);
    await write(/^Only of/, 'camera-02');
    const log = page.getByRole('region', { name: 'Event log' });
    await log.getByRole('listitem').first().waitFor();
    await update('completed');
    await log.getByRole('listitem').filter({ hasText: 'succeeded' }).waitFor();

    const { devices } = await cliJson<{ devices: { name: string; address: string }[] }>(here.dataDir, [
      ...['devices', 'list'],
    ]);
    const address = devices.find(({ name }) => name === 'camera-02')?.address ?? '';
    for (const id of ['far-1', 'far-2']) await cliJson(here.dataDir, ['devices', 'update', id, '--address', address]);
    await press(/^Retry the 2 failed$/);
    await page.getByText('10 of 10 succeeded').waitFor({ timeout: 30_000 });

    await key('p');
    await press(/^keys-1\.0\.bin/);
    await tick(/^All 10 devices/);
    await press(/^Limits and safeguards/);
    await write(/^Rate, MiB\/s/, '0.5');
    await tick(/^Force/);
    await press(/^Push to 10 devices/);
    await page.getByRole('button', { name: 'Cancel push' }).waitFor();
    await press(/^Cancel push$/);
    // The way back has the focus: one Enter cancels nothing.
    await page.getByRole('dialog', { name: 'Cancel this push?' }).waitFor();
    expect(await focused()).toBe('Let it go on');
    await press(/^Cancel the push$/);
    await update('cancelled');
  });
});
