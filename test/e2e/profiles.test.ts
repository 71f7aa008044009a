import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../src/shared/model/index.ts';
import { cliJson, has, makeSshKey } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** As the terminal prints it. */
interface PrintedProfile {
  name: string;
  default: boolean;
  port: number;
  [field: string]: unknown;
}

describe.runIf(has('chromium'))('profiles on the page', () => {
  const here = usePage();
  const table = (name: string) => here.page.getByRole('table', { name });
  const row = (name: string) => table('Profiles').getByRole('row').filter({ hasText: name });
  const dialog = () => here.page.getByRole('dialog').last();
  const button = (name: string) => here.page.getByRole('button', { name, exact: true });
  const get = (name: string) => cliJson<PrintedProfile>(here.dataDir, ['profiles', 'get', name]);
  const openProfiles = () => here.page.getByRole('link', { name: 'Profiles', exact: true }).click();

  it('are made by a form that says what is wrong at the field, for SSH', async () => {
    await here.openSimulated();
    await openProfiles();
    await row('copy').getByText('default', { exact: true }).waitFor();
    await row('rauc').getByText('preset').waitFor();
    await button('New profile…').click();
    const make = dialog().getByRole('button', { name: 'Make profile' });
    await dialog().getByText('Give it a name.').waitFor();
    await here.page.locator('input:focus').fill('two words');
    await dialog().getByText('a name holds letters').waitFor();
    await dialog().getByLabel('Name', { exact: true }).fill('copy');
    await dialog().getByLabel('Port').fill('ssh');
    await dialog().getByText('must be a whole number').waitFor();
    expect(await dialog().getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
    expect(await make.isDisabled()).toBe(true);
    await dialog().getByLabel('Port').fill('2222');
    await dialog().getByLabel('simulated').check();
    await dialog().getByLabel('Jump host').fill('admin@gate:99999');
    await dialog().getByText('the jump host "admin@gate:99999" cannot be used').waitFor();
    await dialog().getByLabel('Jump host').fill('admin@gate');
    await dialog().getByLabel('Mode').fill('0644');
    await dialog().getByLabel('Only signed firmware').check();
    await dialog().getByLabel('Activate', { exact: true }).fill('install {remotePath}');
    await dialog().getByLabel('The device reboots').check();
    await dialog().getByLabel('Time to come back').fill('90');
    await dialog().getByLabel('KiB a second').fill('512');
    await make.click();
    await dialog().getByText('there is a profile "copy" already').waitFor();
    await here.page.locator('input:focus[aria-invalid=true]').fill('gateways');
    await here.page.keyboard.press('Enter');
    await row('gateways').getByText('install {remotePath}').waitFor();
    expect(await get('gateways')).toMatchObject({
      ...{ port: 2222, credential: 'simulated', jumpHost: 'admin@gate', fileMode: '0644' },
      ...{ activateCommand: 'install {remotePath}', rebootExpected: true, requireSignature: true },
      ...{ confirmTimeout: '90s', rateLimit: '512k' },
    });
  });

  it('are made for HTTP, where fields that contradict each other say so', async () => {
    await here.open();
    await openProfiles();
    await button('Duplicate http').click();
    expect(await dialog().getByLabel('Name', { exact: true }).inputValue()).toBe('http-2');
    await dialog().getByLabel('What was stored is confirmed by').selectOption('fetching it again');
    await dialog().getByText('"readBack" needs method PUT and body "raw"').waitFor();
    await dialog().getByLabel('Method').selectOption('PUT');
    await dialog().getByText('"readBack" needs').waitFor({ state: 'detached' });
    await dialog().getByLabel('Headers').fill('X-Line: 4\nHost: elsewhere');
    await dialog().getByText('Pushrod sends this header itself').waitFor();
    await dialog().getByLabel('Headers').fill('X-Line: 4');
    await dialog().getByLabel('Encrypted').selectOption('yes; its certificate has this fingerprint');
    await dialog()
      .getByLabel('Fingerprint')
      .fill(`SHA256:${'A'.repeat(43)}`);
    await dialog().getByRole('button', { name: 'Make profile' }).click();
    await row('http-2').getByText('HTTPS').waitFor();
    expect(await get('http-2')).toMatchObject({
      ...{ transport: 'http', port: 443 },
      http: { method: 'PUT', verify: 'readBack', headers: { 'X-Line': '4' }, versionPath: '/version' },
    });
  });

  it('can be made the default and removed, but not while devices use them; a removal can be undone', async () => {
    await here.openSimulated();
    await openProfiles();
    await button('Make default: rauc').click();
    await row('rauc').getByText('default', { exact: true }).waitFor();
    expect((await get('rauc')).default).toBe(true);
    await button('Remove simulated').click();
    await dialog().getByRole('button', { name: 'Remove simulated' }).click();
    await dialog().getByText('8 devices use the profile "simulated"').waitFor();
    await here.page.keyboard.press('Escape');
    await button('Duplicate simulated').press('Enter');
    await dialog().getByLabel('Name', { exact: true }).press('Enter');
    await row('simulated-2').waitFor();
    await button('Remove simulated-2').click();
    await dialog().getByRole('button', { name: 'Remove simulated-2' }).click();
    await row('simulated-2').waitFor({ state: 'detached' });
    await button('Undo').click();
    await row('simulated-2').waitFor();
    // What another door does is seen at once.
    await cliJson(here.dataDir, ['profiles', 'remove', 'simulated-2']);
    await row('simulated-2').waitFor({ state: 'detached' });
  });

  it('are tested on a device, whose key is trusted on the way', async () => {
    await here.openSimulated();
    await openProfiles();
    await button('Test simulated').click();
    await dialog().getByRole('button', { name: 'Test', exact: true }).click();
    await dialog().getByText('It takes connections at').waitFor();
    await dialog().getByText('so it is not logged in to').waitFor();
    await here.page.keyboard.press('Escape');
    await button('Change simulated').click();
    await dialog().getByLabel('Version', { exact: true }).fill('echo 4.2');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await button('Test simulated').click();
    await dialog().getByLabel('Device', { exact: true }).selectOption({ index: 2 });
    await dialog().getByRole('button', { name: 'Test', exact: true }).click();
    await dialog().getByText('is not known yet').waitFor();
    await dialog().getByRole('button', { name: 'Look at its key…' }).click();
    await dialog().getByLabel('I have compared this key').check();
    await dialog().getByRole('button', { name: 'Trust this key' }).click();
    await dialog().getByRole('button', { name: 'Test again' }).click();
    await dialog().getByText('It let Pushrod in').waitFor();
    await here.page.keyboard.press('Escape');
    await button('Test rauc').click();
    await dialog().getByText('No device uses this profile.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Test', exact: true }).isDisabled()).toBe(true);
  });

  it('log in by credentials, whose secrets go in and never come out', async () => {
    await here.open();
    const { page } = here;
    await openProfiles();
    await page.getByText('No credential is stored.').waitFor();
    await button('Add a credential…').click();
    await dialog().getByLabel('Name', { exact: true }).fill('factory');
    await dialog().getByLabel('User name').fill('root');
    await dialog().getByLabel('Password').fill('sesame-4711');
    await page.keyboard.press('Enter');
    await table('Credentials')
      .getByRole('row', { name: /factory root password/ })
      .waitFor();
    expect(await page.content()).not.toContain('sesame-4711');

    await button('Add a credential…').click();
    await dialog().getByLabel('Name', { exact: true }).fill('bench');
    await dialog().getByLabel('User name').fill('root');
    await dialog().getByLabel('With a').selectOption('private key');
    await dialog().getByLabel('Private key').fill('not a key');
    await dialog().getByRole('button', { name: 'Add credential' }).click();
    await dialog().getByRole('alert').first().waitFor();
    const { file } = makeSshKey(here.dir, 'bench-key');
    await dialog().getByLabel('Private key').fill(readFileSync(file, 'utf8'));
    await dialog().getByRole('button', { name: 'Add credential' }).click();
    await table('Credentials').getByText('SHA256:').waitFor();
    await button('Remove the credential factory').click();
    await dialog().getByRole('button', { name: 'Remove it' }).click();
    await table('Credentials').getByText('factory').waitFor({ state: 'detached' });
    const { credentials } = await cliJson<{ credentials: Credential[] }>(here.dataDir, ['credentials', 'list']);
    expect(credentials.map(({ name, kind }) => [name, kind])).toEqual([['bench', 'key']]);
  });
});
