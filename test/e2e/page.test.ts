import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  dropFile,
  has,
  launchBrowser,
  makeFile,
  type RunningCli,
  registerBench,
  type Sshd,
  sha256OfFile,
  spawnCli,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd', 'chromium'))('the page in Chromium', () => {
  const dir = temporaryDir();
  let browser: Browser;
  let sshd: Sshd;
  let page: Page;
  let server: RunningCli;
  let url: string;
  let dataDir: string;
  let problems: string[];
  let runs = 0;

  beforeAll(async () => {
    [browser, sshd] = await Promise.all([launchBrowser(), startSshd()]);
  });
  afterAll(async () => {
    await browser.close();
    await sshd.stop();
  });
  beforeEach(() => {
    runs += 1;
    dataDir = join(dir, `data-${runs}`);
  });
  afterEach(async () => {
    await page.close();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(problems).toEqual([]);
  });

  async function open(): Promise<void> {
    server = spawnCli(dataDir, ['serve']);
    const { value: first } = await server.lines.next();
    ({ url } = JSON.parse(first ?? '{}') as { url: string });
    page = await browser.newPage();
    problems = [];
    // A refusal by the content security policy, a failed request or a thrown error is a fault of the page.
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(url);
  }
  const devices = () => page.getByRole('table', { name: 'Devices' });
  const sheet = () => page.getByRole('dialog', { name: 'Push firmware' });

  it('pushes a dropped file to three devices and shows each succeed', async () => {
    const ids = ['gw-1', 'gw-2', 'gw-3'];
    await registerBench(dataDir, sshd, ids);
    const firmware = join(dir, 'gateway-2.6.0.bin');
    makeFile(firmware, 64 * mib);
    await open();
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
    await open();
    for (const way of ['Add a device', 'Import a list']) await page.getByRole('button', { name: way }).waitFor();
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await devices().getByText('camera-02').waitFor();
    const firmware = join(dir, 'demo-1.0.bin');
    makeFile(firmware, 32 * mib);
    await dropFile(page, firmware);
    expect(await sheet().getByRole('button', { name: /^Push/ }).isDisabled()).toBe(true);
    await sheet().getByLabel('All 8 devices').check();
    await sheet().getByRole('button', { name: 'Push to 8 devices' }).click();
    const sending = page.locator('[data-state=transferring] [role=progressbar]:not([aria-valuenow="0"])');
    await sending.first().waitFor();
    await page.getByRole('button', { name: 'Cancel push' }).click();
    await page.locator('[data-update-state=cancelled]').waitFor();
    expect(await page.locator('[data-state=cancelled]').count()).toBe(8);
  });

  it('adds, finds and removes devices, and says what is wrong with an address', async () => {
    await open();
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('gateway 7');
    await dialog.getByLabel('Address').fill('192.0.2.300');
    await dialog.getByRole('button', { name: 'Add device' }).click();
    await dialog.getByText('"192.0.2.300" is not a host name').waitFor();
    await dialog.getByLabel('Address').fill('192.0.2.30');
    await page.keyboard.press('Enter');
    await devices().getByText('gateway 7').waitFor();
    const list = join(dir, 'bench.csv');
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

  it('asks for the login of the devices when none is stored', async () => {
    await open();
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('router');
    await dialog.getByLabel('Address').fill(sshd.address);
    await page.keyboard.press('Enter');
    await devices().getByText('router').waitFor();
    const firmware = join(dir, 'small-1.0.bin');
    makeFile(firmware, 1_000);
    await dropFile(page, firmware);
    await sheet().getByLabel('The only device').check();
    await sheet().getByLabel('User name').fill(sshd.user.name);
    await sheet().getByLabel('Password').fill('guess');
    await sheet().getByRole('button', { name: 'Store login' }).click();
    await sheet().getByRole('button', { name: 'Push to 1 device' }).click();
    await page.locator('[data-state=failed]').waitFor();
    await page.getByText('AUTH_FAILED').waitFor();
    await page.getByText('Check the user name').first().waitFor();
  });

  it('asks an unknown browser for the code, and keeps a known one paired', async () => {
    await open();
    await page.getByText('Put your bench on the list').waitFor();
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    await other.goto(new URL('/', url).href);
    await other.getByLabel('Pairing code').fill('nonsense');
    await other.getByRole('button', { name: 'Pair' }).click();
    await other.getByText('not the pairing code').waitFor();
    await stranger.close();
  });

  it('shows an update that kill -9 cut, and one click goes on', async () => {
    await open();
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await devices().getByText('camera-02').waitFor();
    const firmware = join(dir, 'cut-1.0.bin');
    makeFile(firmware, 12 * mib);
    await dropFile(page, firmware);
    await sheet().getByLabel('All 8 devices').check();
    await sheet().getByRole('button', { name: 'Push to 8 devices' }).click();
    await page.locator('[data-state=transferring] [role=progressbar]:not([aria-valuenow="0"])').first().waitFor();
    server.child.kill('SIGKILL');
    await server.ended;
    server = spawnCli(dataDir, ['serve', '--port', new URL(url).port]);
    await page.locator('[data-update-state=interrupted]').waitFor();
    expect(await page.locator('[data-state=interrupted]').count()).toBe(8);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('[data-update-state=completed]').waitFor();
    expect(await page.locator('[data-state=succeeded]').count()).toBe(8);
    problems = problems.filter(isFaultOfThePage);
  });

  it('comes back by itself when Pushrod was restarted on the same port', async () => {
    mkdirSync(dataDir, { recursive: true });
    await open();
    await page.getByText('Put your bench on the list').waitFor();
    const { port } = new URL(url);
    server.child.kill('SIGTERM');
    await server.ended;
    await page.getByText('The connection to Pushrod was cut').waitFor();
    server = spawnCli(dataDir, ['serve', '--port', port]);
    await server.lines.next();
    await page.getByText('The connection to Pushrod was cut').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add a device' }).waitFor();
    problems = problems.filter(isFaultOfThePage);
  });
});

/** What the browser says of a server that was away is none. */
function isFaultOfThePage(problem: string): boolean {
  return !/WebSocket|ERR_CONNECTION/.test(problem);
}
