import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cliJson,
  dropFile,
  has,
  makeFile,
  remotePathOf,
  type Sshd,
  setProfile,
  sha256OfFile,
  startSshd,
} from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd', 'chromium'))('a real sshd, pushed to from the page alone', () => {
  const here = usePage();
  const { sheet } = here;
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const onDevice = (fileName: string) =>
    execFileSync('find', [sshd.user.home, '-name', fileName], { encoding: 'utf8' }).trim();

  it('is added, its key compared and trusted, its password entered, and holds the very bytes in the end', async () => {
    // Where the user of the test may write; all else is done on the page.
    await setProfile(here.dataDir, 'bench', { remotePath: remotePathOf(sshd) });
    await cliJson(here.dataDir, ['profiles', 'default', 'bench']);
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Add a device' }).press('Enter');
    await page.keyboard.type('gw-real');
    await page.keyboard.press('Tab');
    await page.keyboard.type(sshd.address);
    await page.keyboard.press('Enter');
    await here.devices().getByText('gw-real').waitFor();

    const firmware = join(here.dir, 'gateway-3.1.4.bin');
    makeFile(firmware, 8 * mib + 5);
    await dropFile(page, firmware);
    await sheet().getByLabel('The only device').check();
    await sheet().getByLabel('User name').fill(sshd.user.name);
    await sheet()
      .getByLabel('Password')
      .fill(sshd.user.password ?? '');
    await page.keyboard.press('Enter');
    await sheet().getByText(`Login: user ${sshd.user.name}, password`).waitFor();
    await sheet().getByLabel('Unknown host keys').selectOption('Stop and show them (ask)');
    await sheet().getByText('1 goes').waitFor();
    await sheet().getByRole('button', { name: 'Push to 1 device' }).click();

    await page.getByText('1 device showed a host key that nobody has trusted.').waitFor();
    expect(onDevice('gateway*')).toBe('');
    expect(sshd.log()).not.toContain('Accepted password');
    await page.getByRole('button', { name: 'Look at the key…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Trust the key of gw-real?' });
    const told = execFileSync('ssh-keygen', ['-lf', sshd.hostKey.file], { encoding: 'utf8' }).split(' ')[1] ?? '?';
    await dialog.getByText(told, { exact: true }).waitFor();
    await dialog.getByLabel('I have compared this key').press('Space');
    await dialog.getByRole('button', { name: 'Trust this key' }).press('Enter');

    await page.getByText('1 of 1 succeeded').waitFor();
    expect(sshd.log()).toContain(`Accepted password for ${sshd.user.name}`);
    const brought = onDevice('gateway-3.1.4.bin');
    expect(await sha256OfFile(brought)).toBe(await sha256OfFile(firmware));
  });

  it('is retried by one key after its plug was pulled in the middle, on a page that is loaded anew meanwhile', async () => {
    await setProfile(here.dataDir, 'bench', { remotePath: remotePathOf(sshd) });
    await cliJson(here.dataDir, ['profiles', 'default', 'bench']);
    await here.openWithDevice('gw-plug', sshd.address);
    const { page } = here;
    const firmware = join(here.dir, 'plug-1.0.bin');
    makeFile(firmware, 24 * mib);
    await dropFile(page, firmware);
    await sheet().getByLabel('The only device').check();
    await sheet().getByLabel('User name').fill(sshd.user.name);
    await sheet()
      .getByLabel('Password')
      .fill(sshd.user.password ?? '');
    await page.keyboard.press('Enter');
    await sheet().getByText('Login: user').waitFor();
    await sheet().getByText('Limits and safeguards').press('Enter');
    await sheet().getByLabel('Rate, MiB/s').fill('4');
    const pushButton = sheet().getByRole('button', { name: 'Push to 1 device' });
    await pushButton.click({ trial: true });
    await pushButton.press('Enter');
    await page.locator('[data-state=transferring] [role=progressbar]:not([aria-valuenow="0"])').waitFor();
    await sshd.kill();
    await page.locator('[data-state=failed]').waitFor();
    await page.getByText('1 device lost the connection.').waitFor();
    // The page is loaded anew before anything else is done: it shows the same.
    await page.reload();
    await page.getByText('1 device lost the connection.').waitFor();
    await sshd.restart();
    await page.getByRole('button', { name: 'Retry it' }).press('Enter');
    await page.locator('[data-state=transferring] [role=progressbar]:not([aria-valuenow="0"])').waitFor();
    await page.reload();
    await page.getByText('1 of 1 succeeded').waitFor();
    expect(await sha256OfFile(onDevice('plug-1.0.bin'))).toBe(await sha256OfFile(firmware));
  });
});
