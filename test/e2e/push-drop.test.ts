import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cliJson,
  dropFile,
  dropFileOn,
  has,
  hoverFileOn,
  makeFile,
  makeMinisignKey,
  runCli,
  sha256OfFile,
} from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium', 'minisign'))('what is dropped for a push', () => {
  const here = usePage();
  const { sheet } = here;

  it('is for one device alone where it is dropped on its row, which says so, else for what is ticked', async () => {
    await here.openSimulated();
    const { page } = here;
    const firmware = join(here.dir, 'row-2.0.bin');
    makeFile(firmware, 2_000);
    await here.devices().getByLabel('Select camera-02', { exact: true }).check();
    const name = (await here.devices().getByRole('rowheader').nth(4).textContent()) ?? '';
    const row = here.devices().getByRole('row').filter({ hasText: name });
    await hoverFileOn(row, firmware);
    await page.getByText(`Push to ${name} only`).waitFor();
    expect(await page.locator('[data-drop-target]').count()).toBe(1);
    await page.getByText(`Push to ${name} only`).waitFor({ state: 'detached' });
    expect(await page.locator('[data-drop-target]').count()).toBe(0);
    await dropFileOn(row, firmware);
    expect(await sheet().getByLabel(`Only ${name}`).isChecked()).toBe(true);
    await sheet().getByRole('button', { name: 'Push to 1 device' }).waitFor();
    await sheet().getByTitle('SHA-256').waitFor();
    await page.keyboard.press('Escape');
    await sheet().waitFor({ state: 'detached' });
    await dropFileOn(page.getByRole('heading', { name: 'Devices' }), firmware);
    expect(await sheet().getByLabel('1 selected device').isChecked()).toBe(true);
    await sheet().getByTitle('SHA-256').waitFor();

    // In two gestures: the second one.
    await dropFileOn(sheet(), firmware);
    await sheet().getByRole('button', { name: 'Push to 1 device' }).click();
    await page.getByText('1 of 1 succeeded').waitFor();
  });

  it('says who signed it where its signature is dropped with it, and lets nothing pass that does not fit', async () => {
    await here.openSimulated();
    const firmware = join(here.dir, 'signed-1.0.bin');
    makeFile(firmware, 3_000);
    const key = makeMinisignKey(here.dir, 'maker');
    const signature = `${firmware}.minisig`;
    renameSync(key.sign(firmware, 'release of May'), signature);
    await dropFile(here.page, firmware, signature);
    await sheet().getByRole('alert').getByText('signed').waitFor();
    await sheet().getByText('Settle the signature first.').waitFor();
    await sheet().getByRole('button', { name: 'Go on without the signature' }).click();
    await sheet().getByText('Not signed').waitFor();

    await cliJson(here.dataDir, ['signers', 'add', 'maker', '--key', key.publicKeyFile]);
    await dropFile(here.page, signature);
    await sheet().getByText('Signed by maker').waitFor();
    await sheet().getByText('They say: release of May').waitFor();

    const other = join(here.dir, 'other-1.0.bin');
    makeFile(other, 4_000);
    writeFileSync(join(here.dir, 'other-1.0.bin.minisig'), 'no signature at all');
    await dropFile(here.page, other, join(here.dir, 'other-1.0.bin.minisig'));
    await sheet().getByText('Settle the signature first.').waitFor();
  });

  it('is there again after a reload, with all that was chosen and typed for it', async () => {
    await here.openSimulated();
    const { page } = here;
    const firmware = join(here.dir, 'kept-3.1.bin');
    makeFile(firmware, 5_000);
    await here.devices().getByLabel('Select camera-02', { exact: true }).check();
    await dropFile(page, firmware);
    await sheet().getByTitle('SHA-256').waitFor();
    await sheet().getByLabel('In phases').check();
    await sheet().getByLabel('Phases', { exact: true }).fill('1, 100 %');
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Devices at once').fill('7');
    await sheet().getByLabel('Version').fill('3.1-night');
    await page.reload();
    await sheet()
      .getByTitle('SHA-256')
      .getByText(await sha256OfFile(firmware))
      .waitFor();
    expect(await sheet().getByLabel('Version').inputValue()).toBe('3.1-night');
    expect(await sheet().getByLabel('1 selected device').isChecked()).toBe(true);
    expect(await sheet().getByLabel('Phases', { exact: true }).inputValue()).toBe('1, 100 %');
    await sheet().getByText('Limits and safeguards').click();
    expect(await sheet().getByLabel('Devices at once').inputValue()).toBe('7');
    await page.keyboard.press('Escape');
    await sheet().waitFor({ state: 'detached' });
    await page.reload();
    await here.devices().getByText('camera-02').waitFor();
    expect(await sheet().count()).toBe(0);
    expect((await runCli(here.dataDir, ['firmware', 'list', '--json'])).stdout).toContain('kept-3.1.bin');
  });
});
