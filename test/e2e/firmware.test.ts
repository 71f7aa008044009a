import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Firmware } from '../../src/shared/model/index.ts';
import { cliJson, dropFile, has, makeFile, makeMinisignKey, sha256OfFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;

describe.runIf(has('chromium'))('the firmware library on the page', () => {
  const here = usePage();
  const row = (name: string) =>
    here.page.getByRole('table', { name: 'Firmware' }).getByRole('row').filter({ hasText: name });
  const dialog = () => here.page.getByRole('dialog');
  const library = async () => (await cliJson<{ firmware: Firmware[] }>(here.dataDir, ['firmware', 'list'])).firmware;
  const fileOf = (name: string, bytes = 5_000) => {
    const file = join(here.dir, name);
    makeFile(file, bytes);
    return file;
  };
  const openLibrary = () => here.page.getByRole('link', { name: 'Firmware', exact: true }).click();

  it('takes a file that is dropped or picked, and copies the whole of its SHA-256', async () => {
    await here.open();
    const { page } = here;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openLibrary();
    await page.getByText('The library is empty.').waitFor();
    const gateway = fileOf('gateway-2.6.0.bin', 3 * mib);
    await dropFile(page, gateway);
    await row('gateway-2.6.0.bin').getByText('3.0 MiB').waitFor();
    await row('gateway-2.6.0.bin').getByRole('cell', { name: '2.6.0 for any model' }).waitFor();
    expect(await dialog().count()).toBe(0);
    await page.getByLabel('Firmware files').setInputFiles([fileOf('camera-1.bin'), gateway]);
    await row('camera-1.bin').waitFor();
    await page.getByText('gateway-2.6.0.bin is in the library already').waitFor();
    await page.getByRole('button', { name: 'Copy the SHA-256 of gateway-2.6.0.bin' }).click();
    await page.getByText('The SHA-256 of gateway-2.6.0.bin is copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await sha256OfFile(gateway));
    expect(await library()).toHaveLength(2);
  });

  it('says why a file was not taken, and stays as it was', async () => {
    await here.open();
    const { page } = here;
    here.expectProblem(/400/);
    await openLibrary();
    await page.getByLabel('Firmware files').setInputFiles({ name: 'none.bin', mimeType: '', buffer: Buffer.from('') });
    await page.getByRole('alert').getByText('empty').first().waitFor();
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
    await page.getByText('The library is empty.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('tells on how many devices a version is, and changes what is said of a file, by keyboard', async () => {
    await here.openSimulated();
    const { page } = here;
    const { devices } = await cliJson<{ devices: { id: string }[] }>(here.dataDir, ['devices', 'list']);
    await cliJson(here.dataDir, ['firmware', 'add', fileOf('fw-a.bin'), '--version', '9.9']);
    await openLibrary();
    await row('fw-a.bin').getByRole('cell', { name: 'none' }).waitFor();
    const two = devices.slice(0, 2).flatMap(({ id }) => ['--device', id]);
    await cliJson(here.dataDir, ['devices', 'edit', ...two, '--set', 'firmware-version=9.10', '--yes']);
    await page.getByRole('button', { name: 'Change fw-a.bin' }).press('Enter');
    expect(await dialog().getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog().getByLabel('File name').fill('a/b.bin');
    await page.keyboard.press('Enter');
    await dialog().getByText('file name may not hold "/"').waitFor();
    await page.locator('input:focus[aria-invalid=true]').fill('fw-b.bin');
    await dialog().getByLabel('Version').fill('9.10');
    await dialog().getByLabel('Models').fill('R1, R2 ,');
    await dialog().getByLabel('Notes').fill('for the night shift');
    await dialog().getByLabel('Version').press('Enter');
    await row('fw-b.bin').getByRole('cell', { name: '2 devices' }).waitFor();
    await row('for the night shift').getByText('for R1, R2').waitFor();
    expect(await library()).toMatchObject([{ fileName: 'fw-b.bin', version: '9.10', models: ['R1', 'R2'] }]);
  });

  it('leads to the devices that run a version', async () => {
    await here.openSimulated();
    const { page } = here;
    const { devices } = await cliJson<{ devices: { id: string }[] }>(here.dataDir, ['devices', 'list']);
    await cliJson(here.dataDir, ['firmware', 'add', fileOf('fw-c.bin'), '--version', '9.9 rc']);
    const one = ['--device', devices[0]?.id ?? ''];
    await cliJson(here.dataDir, ['devices', 'edit', ...one, '--set', 'firmware-version=9.9 rc', '--yes']);
    await openLibrary();
    await row('fw-c.bin').getByRole('link', { name: '1 device' }).click();
    await here.devices().waitFor();
    expect(new URL(page.url()).hash).toBe('#/devices?search=fw%3D%229.9%20rc%22');
  });

  it('keeps a signature that holds, by a signer who is trusted here', async () => {
    await here.open();
    const { page } = here;
    const file = fileOf('signed-1.0.bin');
    const maker = makeMinisignKey(here.dir, 'maker');
    const signature = maker.sign(file, 'built on Monday');
    const stranger = makeMinisignKey(here.dir, 'stranger').sign(fileOf('signed-2.0.bin'));
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '1.0']);
    await openLibrary();
    await row('signed-1.0.bin').getByText('not signed').waitFor();
    await page.getByText('Nobody is trusted to sign firmware.').waitFor();
    await page.getByRole('button', { name: 'Add a signer…' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('maker');
    await dialog().getByLabel('Public key').fill('RWnonsense');
    await dialog().getByText('Compare the key with one you got another way').waitFor();
    await dialog().getByRole('button', { name: 'Trust this key' }).click();
    await dialog().getByRole('alert').first().waitFor();
    await dialog().getByLabel('Public key').fill(maker.publicKey);
    await dialog().getByRole('button', { name: 'Trust this key' }).click();
    const signers = page.getByRole('table', { name: 'Signers' });
    await signers.getByText(maker.publicKey.trim().split('\n').at(-1) ?? '').waitFor();

    await page.getByRole('button', { name: 'Signature of signed-1.0.bin' }).click();
    const picker = dialog().locator('input[type=file]');
    await picker.setInputFiles(stranger);
    await dialog().getByRole('button', { name: 'Keep this signature' }).click();
    await dialog().getByText('whose owner is not among the trusted signers').first().waitFor();
    await dropFile(page, signature);
    await dialog().getByText('signed-1.0.bin.prehashed.minisig').waitFor();
    await dialog().getByRole('button', { name: 'Keep this signature' }).click();
    await row('signed-1.0.bin').getByText('signed by maker').waitFor();
    await page.getByRole('button', { name: 'Signature of signed-1.0.bin' }).click();
    await dialog().getByText('built on Monday').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Remove the signer maker' }).click();
    await row('signed-1.0.bin').getByText('signed with a key that is not trusted').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('signed-1.0.bin').getByText('signed by maker').waitFor();
  });

  it('removes a file, but not one that a schedule pushes', async () => {
    await here.open();
    const { page } = here;
    const needed = fileOf('needed-1.0.bin');
    await cliJson(here.dataDir, ['firmware', 'add', needed, '--version', '1.0']);
    await cliJson(here.dataDir, ['firmware', 'add', fileOf('spare-1.0.bin', 6_000), '--version', '1.0']);
    await cliJson(here.dataDir, [
      ...['schedules', 'add', 'nightly', '--cron', '0 2 * * *', '--tz', 'UTC'],
      ...['--firmware', await sha256OfFile(needed), '--all'],
    ]);
    await openLibrary();
    await page.getByRole('button', { name: 'Remove needed-1.0.bin' }).click();
    await dialog().getByRole('button', { name: 'Remove needed-1.0.bin' }).click();
    await dialog().getByText('The schedule "nightly" pushes this firmware').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove spare-1.0.bin' }).click();
    await dialog().getByRole('button', { name: 'Remove spare-1.0.bin' }).click();
    await row('spare-1.0.bin').waitFor({ state: 'detached' });
    expect((await library()).map(({ fileName }) => fileName)).toEqual(['needed-1.0.bin']);
  });
});
