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

  it('fetches older entries as one scrolls, each once', async () => {
    await here.open();
    await here.page.getByText('Put your bench on the list').waitFor();
    await here.page.evaluate(async () => {
      const authorization = `Bearer ${localStorage.getItem('pushrod.token')}`;
      const headers = { authorization, 'content-type': 'application/json' };
      for (let concurrency = 1; concurrency <= 270; concurrency += 1) {
        const body = JSON.stringify({ rateLimitBytesPerSecond: null, concurrency });
        await fetch('/api/limits', { method: 'PUT', headers, body });
      }
    });
    await openAudit();
    await log().locator('[data-entry="270"]').waitFor();
    expect((await ids()).length).toBeLessThan(270);
    while ((await log().locator('[data-entry="1"]').count()) === 0) {
      await here.page.mouse.move(500, 400);
      await here.page.mouse.wheel(0, 3_000);
      await here.page.evaluate(() => new Promise(requestAnimationFrame));
    }
    await here.page.getByText('That is all.').waitFor();
    expect(await ids()).toEqual(Array.from({ length: 270 }, (_, index) => 270 - index));
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
