import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createApp } from '../src/main/app.ts';
import { type RunningServer, startServer } from '../src/main/server/index.ts';
import { launchBrowser } from '../test/harness/browser.ts';
import { median } from './measure.ts';
import { fleetDevice, writeFleet } from './registry-fleet.ts';
import { record } from './results.ts';
import { type FramedUpdate, withFramedUpdate } from './ui-frames.ts';

const devices = 100_000;
const pushed = 1_000;
const starts = 10;
const keys = 60;
const frameSeconds = 20;
/** As many frames as a listener gets in a minute, and of how many minutes. */
const framesPerMinute = 600;
const minutes = 60;
const mib = 1024 * 1024;
const rendererDir = join(import.meta.dirname, '..', 'out', 'renderer');

/** The page in Chromium: 100,000 devices in its list, and an update of 1,000 as it is looked at. */
export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const list = join(dir, 'fleet.csv');
  await writeFleet(list, devices);
  const app = await createApp({ dataDir: join(dir, 'data') });
  await app.client('terminal').devices.import({ source: { path: list } });
  const update = withFramedUpdate(app, pushed);
  const server = await startServer({ app: update.app, rendererDir });
  const browser = await launchBrowser();
  try {
    const context = await paired(browser, server);
    const cold = await coldStarts(browser, context, server);
    const page = await context.newPage();
    await page.setViewportSize({ width: 1180, height: 720 });
    await openList(page, server);
    const scroll = await framesOf(page, scrollThrough);
    const typed = await keysToRows(page);
    const { frames, heaps } = await watchUpdate(page, server, update);

    record('ui', [
      `The built page in Chromium without a GPU, ${devices.toLocaleString('en')} devices in SQLite, the core on the same two processors.`,
      '',
      '| what | figure | goal |',
      '| --- | --- | --- |',
      `| cold start to a usable table, median of ${starts} | ${ms(median(cold))} | < 1,000 ms |`,
      `| a frame while scrolling through the list, p50 / p95 | ${ms(at(scroll, 0.5))} / ${ms(at(scroll, 0.95))} | p95 < 20 ms |`,
      `| from a key in the search field to its rows, p50 / p95 | ${ms(at(typed, 0.5))} / ${ms(at(typed, 0.95))} | p95 < 50 ms |`,
      `| a frame while ${pushed.toLocaleString('en')} devices all change 10 times a second, p50 / p95 / p99 | ${ms(at(frames, 0.5))} / ${ms(at(frames, 0.95))} / ${ms(at(frames, 0.99))} | 60 a second |`,
      `| heap of the page after 1, ${minutes / 2} and ${minutes} minutes' worth of frames | ${heaps.map((bytes) => `${(bytes / mib).toFixed(1)} MiB`).join(', ')} | flat |`,
      `| everything the page can load, gzip | ${Math.round(bundleBytes() / 1024)} KB | < 350 KB |`,
    ]);
  } finally {
    await browser.close();
    await server.close();
    await app.close();
    rmSync(dir, { recursive: true });
  }
}

/** A browser that knows the server already, as on every morning but the first. */
async function paired(browser: Browser, server: RunningServer): Promise<BrowserContext> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await openList(page, server, server.url);
  await page.close();
  return context;
}

async function openList(page: Page, server: RunningServer, url = new URL('/', server.url).href): Promise<void> {
  await page.goto(url);
  await page.getByRole('row').nth(10).waitFor();
}

/** From the request for the page to its first rows, each in a profile of its own with nothing cached. */
async function coldStarts(browser: Browser, from: BrowserContext, server: RunningServer): Promise<number[]> {
  const storageState = await from.storageState();
  const found: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const context = await browser.newContext({ storageState });
    const page = await context.newPage();
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll('main [role=row], main tbody tr').length < 10) return;
        observer.disconnect();
        // Once it is painted.
        requestAnimationFrame(() =>
          setTimeout(() => document.documentElement.setAttribute('data-usable', String(performance.now()))),
        );
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(new URL('/', server.url).href);
    await page.locator('html[data-usable]').waitFor({ state: 'attached' });
    found.push(Number(await page.locator('html').getAttribute('data-usable')));
    await context.close();
  }
  return found;
}

/** How long each frame takes while `work` goes on in the page, in milliseconds. */
async function framesOf(page: Page, work: (page: Page) => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const found: number[] = [];
    Object.assign(window, { framesFound: found });
    let last = performance.now();
    const next = (now: number) => {
      found.push(now - last);
      last = now;
      if ((window as { framesFound?: number[] }).framesFound === found) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work(page);
  return page.evaluate(() => {
    const { framesFound = [] } = window as { framesFound?: number[] };
    Object.assign(window, { framesFound: undefined });
    return framesFound.slice(1);
  });
}

/** With the wheel, as a person does: quickly over some thousand rows, pages being fetched on the way. */
async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(600, 450);
  for (let turn = 0; turn < 300; turn += 1) await page.mouse.wheel(0, 400);
}

/** Each key narrows the list further; then the rows of that search are there. */
async function keysToRows(page: Page): Promise<number[]> {
  const search = page.getByRole('combobox').or(page.getByRole('searchbox')).first();
  const found: number[] = [];
  for (let n = 0; found.length < keys; n += 1) {
    const { name } = fleetDevice(1_000 * (n + 1) + 7 * n);
    await search.fill('');
    await page.getByRole('row').nth(10).waitFor();
    await search.focus();
    for (const key of name) {
      await page.evaluate(() => {
        const rows = () => document.querySelector('[aria-rowcount]')?.getAttribute('aria-rowcount');
        const before = rows();
        const taken = new Promise<number | undefined>((resolve) => {
          let startMs = 0;
          addEventListener('keydown', () => (startMs = performance.now()), { once: true, capture: true });
          const observer = new MutationObserver(() => {
            if (rows() === before) return;
            observer.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - startMs));
          });
          observer.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
          // A key that finds the same devices changes nothing.
          setTimeout(() => resolve(undefined), 1_000);
        });
        Object.assign(window, { taken });
      });
      await page.keyboard.press(key === '-' ? 'Minus' : key);
      const took = await page.evaluate(() => (window as { taken?: Promise<number | undefined> }).taken);
      if (took !== undefined) found.push(took);
    }
  }
  await search.fill('');
  return found.slice(0, keys);
}

async function watchUpdate(page: Page, server: RunningServer, update: FramedUpdate) {
  await page.goto(new URL(`/#/updates/${update.id}`, server.url).href);
  await page.getByRole('heading', { name: 'frame 0', exact: true }).waitFor();
  const frames = await framesOf(page, () => update.stream(frameSeconds * 10, pushed, 'live'));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const heaps: number[] = [];
  let sent = frameSeconds * 10;
  for (let minute = 1; minute <= minutes; minute += 1) {
    await update.stream(framesPerMinute, 32, 'fast');
    sent += framesPerMinute;
    await page.getByRole('heading', { name: `frame ${sent}`, exact: true }).waitFor();
    if (minute !== 1 && minute !== minutes / 2 && minute !== minutes) continue;
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    heaps.push(metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN);
  }
  return { frames, heaps };
}

/** The programs and styles of every view, in each language. */
function bundleBytes(): number {
  const assets = join(rendererDir, 'assets');
  return readdirSync(assets).reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(assets, file)), { level: 9 }).length,
    0,
  );
}

function at(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const ms = (value: number) => `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1)} ms`;
