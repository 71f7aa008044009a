import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  cliJson,
  dropFile,
  has,
  hoverFile,
  makeFile,
  remotePathOf,
  type Sshd,
  setProfile,
  startSshd,
} from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('sshd', 'chromium'))('the sheet of a push', () => {
  const here = usePage();
  const { sheet } = here;
  let sshd: Sshd;

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  // Devices use a profile of which the page knows no login yet.
  beforeEach(async () => {
    await setProfile(here.dataDir, 'bench', { remotePath: remotePathOf(sshd) });
    await cliJson(here.dataDir, ['profiles', 'default', 'bench']);
  });

  const fill = async (username: string, password: string) => {
    await sheet().getByLabel('User name').fill(username);
    await sheet().getByLabel('Password').fill(password);
    await here.page.keyboard.press('Enter');
    await sheet().getByText(`Login: user ${username}, password`).waitFor();
  };

  it('says which login is used, asks for one that no other profile has, and lets a refused one be changed', async () => {
    await here.openSimulated();
    const { page } = here;
    await cliJson(here.dataDir, ['devices', 'add', '--id', 'router', '--name', 'router', '--address', sshd.address]);
    await here.devices().getByLabel('Select router', { exact: true }).check();
    const firmware = join(here.dir, 'router-1.0.bin');
    makeFile(firmware, 1_000);
    await dropFile(page, firmware);
    await sheet().getByText('Store the login first.').waitFor();
    const pushButton = sheet().getByRole('button', { name: 'Push to 1 device' });
    expect(await pushButton.isDisabled()).toBe(true);
    await fill(sshd.user.name, 'guess');
    await page.locator('footer button:focus').getByText('Push to 1 device').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('AUTH_FAILED').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');

    await page.getByRole('button', { name: 'Change login…' }).click();
    await sheet().getByTitle('SHA-256').waitFor();
    await sheet().getByLabel('1 failed device').waitFor();
    await sheet().locator('input:focus').fill(sshd.user.name);
    await sheet().getByLabel('With a').selectOption('private key');
    await sheet().getByLabel('Private key').fill(readFileSync(sshd.key.file, 'utf8'));
    await sheet().getByRole('button', { name: 'Store login' }).click();
    await sheet().getByText(`Login: user ${sshd.user.name}, private key`).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 1 succeeded').waitFor();
  });

  it('lets a host key be trusted, and a new one in place of an old, once a person says it was compared', async () => {
    await here.openWithDevice('gw', sshd.address);
    const { page } = here;
    await sheet().getByLabel('The only device').check();
    await fill(sshd.user.name, sshd.user.password ?? 'none');
    const pushStrict = async () => {
      await sheet().getByLabel('Unknown host keys').selectOption('strict');
      const before = page.url();
      await sheet().getByRole('button', { name: 'Push to 1 device' }).click();
      await page.waitForURL((url) => url.href !== before);
      await page.locator('[data-update-state=completed]').waitFor();
    };
    const knownHosts = async () => (await cliJson<{ hosts: unknown[] }>(here.dataDir, ['hosts', 'list'])).hosts;
    const { fingerprint } = sshd.hostKey;
    await pushStrict();
    expect(await page.locator('[data-state=failed]').textContent()).toContain(fingerprint);
    await page.getByRole('button', { name: 'Trust this key…' }).click();
    const trust = page.getByRole('dialog', { name: 'Trust the key of gw?' });
    await trust.getByText(fingerprint).waitFor();
    const art = execFileSync('ssh-keygen', ['-lvf', sshd.hostKey.file], { encoding: 'utf8' }).split('\n').slice(2, 11);
    expect(await trust.locator('pre').textContent()).toContain(art.join('\n'));
    // The focus is on the way out, and Enter anywhere trusts nothing.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Do not trust it');
    await trust.getByLabel('I have compared this key').press('Space');
    await page.keyboard.press('Enter');
    expect(await knownHosts()).toHaveLength(0);
    await trust.getByRole('button', { name: 'Trust this key' }).press('Enter');
    await page.getByText('The key of gw is trusted now').waitFor();
    await page.getByText('1 of 1 succeeded').waitFor();
    expect(await page.getByText('HOST_KEY').count()).toBe(0);

    await sshd.restartWithNewHostKey();
    await page.getByRole('link', { name: 'Devices' }).click();
    await dropFile(page, join(here.dir, 'small-1.0.bin'));
    await sheet().getByLabel('The only device').check();
    await pushStrict();
    await page.getByText('HOST_KEY_CHANGED').waitFor();
    await page.getByRole('button', { name: 'Look at both keys…' }).click();
    const changed = page.getByRole('dialog', { name: 'Another key answered for gw' });
    await changed.getByLabel('Old key').getByText(fingerprint).waitFor();
    await changed.getByLabel('New key').getByText(sshd.hostKey.fingerprint).waitFor();
    await page.keyboard.press('Enter');
    await changed.waitFor({ state: 'detached' });
    expect(JSON.stringify(await knownHosts())).toContain(fingerprint);
    await page.getByRole('button', { name: 'Look at both keys…' }).click();
    const trustNew = changed.getByRole('button', { name: 'Trust the new key' });
    expect(await trustNew.isDisabled()).toBe(true);
    await changed.getByLabel('I know why the key changed').check();
    await trustNew.click();
    await page.getByText('1 of 1 succeeded').waitFor();
    expect(JSON.stringify(await knownHosts())).toContain(sshd.hostKey.fingerprint);
  });

  it('takes another file that is dropped on it, and keeps the one it has while another is chosen', async () => {
    await here.openWithDevice('gw', sshd.address);
    const { page } = here;
    const other = join(here.dir, 'other-2.0.bin');
    makeFile(other, 2_000);
    await hoverFile(page, other);
    await page.getByText('Drop the firmware to push').waitFor();
    // Nothing more is heard of it: it has left the window.
    await page.getByText('Drop the firmware to push').waitFor({ state: 'detached' });
    await dropFile(page, other);
    await sheet().getByText('other-2.0.bin').waitFor();
    expect(await sheet().getByLabel('Version').inputValue()).toBe('2.0');
    const sums = join(here.dir, 'SHA256SUMS');
    makeFile(sums, 100);
    await dropFile(page, other, sums);
    await page.getByText('"SHA256SUMS" is a list of checksums').waitFor();
    await dropFile(page, here.dataDir);
    await page.getByText('This is a folder').waitFor();
    expect(await sheet().getByTitle('SHA-256').count()).toBe(1);

    await sheet().getByLabel('The only device').check();
    await fill('root', 'secret');
    const pushButton = sheet().getByRole('button', { name: 'Push to 1 device' });
    await sheet().getByLabel('Firmware').getByRole('button', { name: 'Change…' }).click();
    expect(await pushButton.isDisabled()).toBe(true);
    await sheet().getByRole('button', { name: 'Keep other-2.0.bin' }).click();
    expect(await pushButton.isEnabled()).toBe(true);
  });

  it('asks before it closes on a file that is being taken in, and takes one in again that was cut off', async () => {
    await here.openWithDevice('gw', sshd.address);
    const { page } = here;
    here.expectProblem(/ERR_CONNECTION_RESET/);
    const held = Promise.withResolvers<void>();
    await page.route('**/api/firmware?*', async (route) => {
      await held.promise;
      await route.abort('connectionreset');
    });
    const other = join(here.dir, 'cut-2.0.bin');
    makeFile(other, 2_000);
    await dropFile(page, other);
    await sheet().getByText('cut-2.0.bin').waitFor();
    await page.keyboard.press('Escape');
    await sheet().getByText('The file is still being taken in').waitFor();
    await sheet().getByRole('button', { name: 'Stay' }).click();
    held.resolve();
    await sheet().getByText('"cut-2.0.bin" did not get to Pushrod whole.').waitFor();
    await page.unroute('**/api/firmware?*');
    await sheet().getByRole('button', { name: 'Retry' }).click();
    await sheet().getByTitle('SHA-256').waitFor();
  });
});
