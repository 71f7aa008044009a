import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, Update } from '../../src/shared/model/index.ts';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the audit log on the page', () => {
  const here = usePage();
  const log = () => here.page.getByRole('table', { name: 'Audit log' });
  const ids = () =>
    log()
      .locator('[data-entry]')
      .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.entry)));
  const openAudit = () => here.page.getByRole('link', { name: 'Audit', exact: true }).click();
  const recorded = async (...args: string[]) =>
    (await cliJson<{ entries: AuditEntry[] }>(here.dataDir, ['updates', 'audit', ...args])).entries;

  it('has the newest entry first, as it happens, and by update and day', async () => {
    await here.open();
    const { page } = here;
    await openAudit();
    await page.getByText('Nothing is on record yet.').waitFor();
    await cliJson(here.dataDir, ['limits', '--concurrency', '7']);
    await log()
      .getByRole('row', { name: /terminal.*set.*limits.*7 devices at once/ })
      .waitFor();

    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await here.devices().getByText('camera-02').waitFor();
    await here.pushToSimulated('demo-1.0.bin', 8);
    await page.locator('[data-update-state=completed]').waitFor();
    await openAudit();
    await log().getByText('succeeded').first().waitFor();
    const { updates } = await cliJson<{ updates: Update[] }>(here.dataDir, ['updates', 'list']);
    const shown = await ids();
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    await page.getByLabel('Of', { exact: true }).selectOption({ value: updates[0]?.id ?? '' });
    await log().getByText('7 devices at once').waitFor({ state: 'detached' });
    await log().getByText('succeeded').first().waitFor();
    await page.getByLabel('Of', { exact: true }).selectOption('everything');
    await page.getByLabel('Since').fill('2999-01-01');
    await page.getByText('Nothing matches.').waitFor();
    await page.getByLabel('Since').fill('');
    await log()
      .getByRole('link', { name: updates[0]?.name ?? '' })
      .first()
      .click();
    await page.locator('[data-update-state=completed]').waitFor();
  });

  /** Opens with as many entries as years of work leave. */
  const openWithEntries = async (entries: number) => {
    await here.open();
    await here.page.getByText('Put your bench on the list').waitFor();
    await here.end('SIGTERM');
    const database = new Database(join(here.dataDir, 'pushrod.db'));
    database
      .prepare(
        `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?)
         INSERT INTO audit_log (id, at, actor, subject, action, detail, hash)
         SELECT id, '2026-01-01T00:00:00.000Z', 'terminal', 'limits', 'set', 'number ' || id, zeroblob(32) FROM n`,
      )
      .run(entries);
    database.close();
    await here.restart();
    await openAudit();
    await log().locator(`[data-entry="${entries}"]`).waitFor();
  };
  /** Scrolls down by so many pixels, and gives the entries that are in the page then. */
  const scroll = async (px: number) => {
    await log()
      .locator('..')
      .evaluate((panel, by) => panel.scrollBy(0, by), px);
    await here.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    return ids();
  };

  it('fetches older entries as one scrolls, each once, and shows all of one that is opened', async () => {
    await openWithEntries(1_270);
    const seen = new Set(await ids());
    while (!seen.has(1)) for (const id of await scroll(500)) seen.add(id);
    await here.page.getByText('That is all: 1,270 entries.').waitFor();
    expect(seen.size).toBe(1_270);
    await log().locator('[data-entry="2"]').getByRole('button', { name: 'set' }).press('Enter');
    await log().locator('[data-details="2"]').getByText('number 2').waitFor();
    await log().locator('[data-entry="1"]').getByText('number 1').waitFor();
  });

  it('scrolls through 100,000 entries with few of them in the page, and stays where one reads', async () => {
    await openWithEntries(100_000);
    let last = 100_000;
    while (last > 90_000) {
      const now = await scroll(10_000);
      expect(now.length).toBeLessThan(80);
      last = Math.min(last, ...now);
    }
    const [first] = await scroll(0);
    const before = await log()
      .locator('..')
      .evaluate((panel) => panel.scrollTop);
    await cliJson(here.dataDir, ['limits', '--concurrency', '7']);
    await here.page.waitForFunction(
      (top) => (document.querySelector('[data-entry]')?.closest('.panel')?.scrollTop ?? 0) > top,
      before,
    );
    expect((await scroll(0))[0]).toBe(first);
    await log()
      .locator('..')
      .evaluate((panel) => panel.scrollTo(0, 0));
    await log().getByText('7 devices at once').waitFor();
  });

  it('says in words whether it is whole, and where it is not', async () => {
    await here.open();
    const { page } = here;
    for (const most of ['1', '2', '3']) await cliJson(here.dataDir, ['limits', '--concurrency', most]);
    await openAudit();
    const verify = page.getByRole('button', { name: 'Verify the record' });
    await verify.click();
    await page.getByText('all 3 of its entries are as they were written').waitFor();
    await page.getByText((await recorded()).at(-1)?.hash ?? 'no hash').waitFor();
    const database = new Database(join(here.dataDir, 'pushrod.db'));
    database.exec('DROP TRIGGER audit_log_keeps_rows; DROP TRIGGER audit_log_changes_no_row');
    database.exec("UPDATE audit_log SET detail = 'nothing' WHERE id = 2");
    database.close();
    await verify.click();
    await page.getByText('entry 2 is missing, was changed or was moved').waitFor();
  });
});
