import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFile, has, makeFile, registerBench, type Sshd, sha256OfFile, startSshd } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd', 'chromium'))('the page in Chromium', () => {
  const here = usePage();
  const { devices, sheet } = here;
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  it('pushes a dropped file to three devices and shows each succeed', async () => {
    const ids = ['gw-1', 'gw-2', 'gw-3'];
    await registerBench(here.dataDir, sshd, ids);
    const firmware = join(here.dir, 'gateway-2.6.0.bin');
    makeFile(firmware, 64 * mib);
    await here.open();
    const { page } = here;
    await devices().getByRole('checkbox', { name: 'Select all devices in the list' }).check();
    await dropFile(page, firmware);
    await sheet()
      .getByTitle('SHA-256')
      .getByText(await sha256OfFile(firmware))
      .waitFor();
    expect(await sheet().getByLabel('Version').inputValue()).toBe('2.6.0');
    await sheet().getByRole('button', { name: 'Push to 3 devices' }).click();
    await page.locator('[data-update-state=completed]').waitFor();
    for (const id of ids) {
      const row = page.locator(`[data-device=${id}]`);
      expect(await row.getAttribute('data-state')).toBe('succeeded');
      expect(await row.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
      expect(await row.textContent()).toContain('100 %');
      expect(readdirSync(join(sshd.user.home, id))).toEqual(['gateway-2.6.0.bin']);
      expect(await sha256OfFile(join(sshd.user.home, id, 'gateway-2.6.0.bin'))).toBe(await sha256OfFile(firmware));
    }
    await page.getByRole('link', { name: 'Updates' }).click();
    await page.getByRole('cell', { name: '3 succeeded' }).waitFor();
  });

  it('starts with three ways forward; the simulated one can be pushed to and cancelled', async () => {
    await here.open();
    const { page } = here;
    for (const way of ['Add a device', 'Import a list']) await page.getByRole('button', { name: way }).waitFor();
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await devices().getByText('camera-02').waitFor();
    await page.getByRole('button', { name: 'Push firmware…' }).click();
    expect(await sheet().getByRole('button', { name: 'Push', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await here.pushToSimulated('demo-1.0.bin', 32);
    await page.getByRole('button', { name: 'Cancel push' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the push' }).click();
    await page.locator('[data-update-state=cancelled]').waitFor();
    expect(await page.locator('[data-state=cancelled]').count()).toBe(8);
    await page.getByText('0 of 8 succeeded').waitFor();
    expect(await page.getByText('100 %').count()).toBe(0);
  });

  it('adds, finds and removes devices, and says what is wrong with an address', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('gateway 7');
    await dialog.getByLabel('Address').fill('192.0.2.300');
    await dialog.getByRole('button', { name: 'Add device' }).click();
    await dialog.getByText('"192.0.2.300" is not a host name').waitFor();
    await dialog.getByLabel('Address').fill('192.0.2.30');
    await page.keyboard.press('Enter');
    await devices().getByText('gateway 7').waitFor();
    const list = join(here.dir, 'bench.csv');
    writeFileSync(list, 'name,address,location\nplc-1,192.0.2.41,Line A\nplc-2,192.0.2.42,Line B\n');
    await dropFile(page, list);
    await page.getByText('2 devices to add').waitFor();
    await page.getByRole('button', { name: 'Import 2 devices' }).click();
    await devices().getByText('plc-2').waitFor();
    await page.getByLabel('Search devices').fill('line b');
    await devices().getByText('plc-1').waitFor({ state: 'detached' });
    await devices().getByRole('checkbox', { name: 'Select plc-2' }).check();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove 1 device' }).click();
    await page.getByText('No device matches').waitFor();
    await page.getByLabel('Search devices').fill('');
    await devices().getByText('plc-1').waitFor();
    expect(await devices().getByRole('rowheader').allInnerTexts()).toEqual(['gateway 7', 'plc-1']);
  });

  it('asks an unknown browser for the code, and keeps a known one paired', async () => {
    await here.open();
    const { page } = here;
    await page.getByText('Put your bench on the list').waitFor();
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    const stranger = await here.browser.newContext();
    const other = await stranger.newPage();
    await other.goto(new URL('/', here.url).href);
    await other.getByLabel('Pairing code').fill('nonsense');
    await other.getByRole('button', { name: 'Pair' }).click();
    await other.getByText('not the pairing code').waitFor();
    await stranger.close();
  });

  it('shows an update that kill -9 cut, and one click goes on', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.pushToSimulated('cut-1.0.bin', 12);
    await here.end('SIGKILL');
    await here.restart();
    await page.locator('[data-update-state=interrupted]').waitFor();
    expect(await page.locator('[data-state=interrupted]').count()).toBe(8);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('[data-update-state=completed]').waitFor();
    expect(await page.locator('[data-state=succeeded]').count()).toBe(8);
  });
});
