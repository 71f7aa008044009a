import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { dropFile, launchBrowser, makeFile, type RunningCli, spawnCli, temporaryDir } from '../harness/index.ts';

const mib = 1024 * 1024;

/** A served Pushrod on a data folder of its own, and its page in Chromium. */
export interface PageUnderTest {
  readonly browser: Browser;
  readonly page: Page;
  readonly url: string;
  /** Of this test; nothing is in it before `open()`. */
  readonly dataDir: string;
  /** For files that tests make. */
  readonly dir: string;
  /** Starts Pushrod and opens its page, paired. @param locale of whoever looks at it */
  open(locale?: string): Promise<void>;
  /** Ends Pushrod, as a crash or as Ctrl-C does. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Something the browser will say of what the test does. */
  expectProblem(problem: RegExp): void;
  /** Starts it again; on the same port, unless told. */
  restart(args?: string[]): Promise<string>;
  devices(): Locator;
  sheet(): Locator;
  /** Opens with eight simulated devices in the list. */
  openSimulated(): Promise<void>;
  /** Opens, adds a device by hand, and drops a small firmware file. */
  openWithDevice(name: string, address: string): Promise<void>;
  /** Pushes a dropped file of so many MiB to all eight simulated devices, and waits until bytes flow. */
  pushToSimulated(fileName: string, sizeMib: number): Promise<void>;
}

/** Sets up the hooks of a test file. A refusal by the security policy, a failed request or a thrown error fails a test. */
export function usePage(options: { showsTour?: boolean } = {}): PageUnderTest {
  const dir = temporaryDir();
  let browser: Browser;
  let page: Page;
  let server: RunningCli;
  let url: string;
  let dataDir: string;
  let problems: string[] = [];
  let expected: RegExp[] = [];
  let runs = 0;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(() => {
    runs += 1;
    dataDir = join(dir, `data-${runs}`);
    problems = [];
    expected = [];
  });
  afterEach(async () => {
    await page.close();
    await end('SIGTERM');
    expect(problems.filter((problem) => !expected.some((one) => one.test(problem)))).toEqual([]);
  });

  const start = async (args: string[]) => {
    server = spawnCli(dataDir, ['serve', ...args]);
    const { value: first } = await server.lines.next();
    return (JSON.parse(first ?? '{}') as { url: string }).url;
  };
  const open = async (locale = 'en-US') => {
    url = await start([]);
    page = await browser.newPage({ viewport: { width: 1180, height: 720 }, locale });
    // Who has taken the tour is not stopped by it.
    if (!options.showsTour) await page.addInitScript(() => localStorage.setItem('pushrod.tour', 'taken'));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(url);
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    server.child.kill(signal);
    const { code } = await server.ended;
    if (signal === 'SIGTERM') expect(code).toBe(0);
  };
  const devices = () => page.getByRole('grid', { name: 'Devices' });
  const sheet = () => page.getByRole('dialog', { name: 'Push firmware' });

  return {
    get browser() {
      return browser;
    },
    get page() {
      return page;
    },
    get url() {
      return url;
    },
    get dataDir() {
      return dataDir;
    },
    dir,
    open,
    async end(signal) {
      // What the browser says of a server that is away is no fault of the page.
      expected.push(/WebSocket connection|ERR_CONNECTION/);
      await end(signal);
    },
    expectProblem: (problem) => void expected.push(problem),
    restart: (args = ['--port', new URL(url).port]) => start(args),
    devices,
    sheet,
    async openSimulated() {
      await open();
      await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
      await devices().getByText('camera-02').waitFor();
    },
    async openWithDevice(name, address) {
      await open();
      await page.getByRole('button', { name: 'Add a device' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a device' });
      await dialog.getByLabel('Name').fill(name);
      await dialog.getByLabel('Address').fill(address);
      await page.keyboard.press('Enter');
      await devices().getByText(name).waitFor();
      const firmware = join(dir, 'small-1.0.bin');
      makeFile(firmware, 1_000);
      await dropFile(page, firmware);
      await sheet().getByTitle('SHA-256').waitFor();
    },
    async pushToSimulated(fileName, sizeMib) {
      const firmware = join(dir, fileName);
      makeFile(firmware, sizeMib * mib);
      await dropFile(page, firmware);
      await sheet().getByLabel('All 8 devices').check();
      await sheet().getByRole('button', { name: 'Push to 8 devices' }).click();
      await page.locator('[data-state=transferring] [role=progressbar]:not([aria-valuenow="0"])').first().waitFor();
    },
  };
}
