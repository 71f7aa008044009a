import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cliJson, has, makeSshKey } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const knownHosts = (content: string) => ({ name: 'known_hosts', mimeType: 'text/plain', buffer: Buffer.from(content) });

describe.runIf(has('chromium'))('settings on the page', () => {
  const here = usePage();
  const card = (name: string) => here.page.getByRole('form', { name });
  const save = (name: string) => card(name).getByRole('button', { name: 'Save' });
  const openSettings = () => here.page.getByRole('link', { name: 'Settings', exact: true }).click();
  const theme = () => here.page.evaluate(() => document.documentElement.dataset.theme);

  it('limit the laptop, and say at the field what cannot be', async () => {
    await here.open();
    await cliJson(here.dataDir, ['limits', '--rate-limit', '2M']);
    await openSettings();
    const limits = card('Limits of this laptop');
    const rate = limits.getByLabel('KiB a second');
    await here.page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some(({ value }) => value === '2048'),
    );
    expect(await save('Limits of this laptop').isDisabled()).toBe(true);
    await rate.fill('fast');
    await limits.getByText('must be a number, 1 at least').waitFor();
    expect(await save('Limits of this laptop').isDisabled()).toBe(true);
    await rate.fill('');
    await limits.getByLabel('Devices at once').fill('12');
    await here.page.keyboard.press('Enter');
    await here.page.getByText('The limits hold from now on.').waitFor();
    expect(await cliJson(here.dataDir, ['limits'])).toEqual({ rateLimitBytesPerSecond: null, concurrency: 12 });
    expect(await save('Limits of this laptop').isDisabled()).toBe(true);
  });

  it('say what becomes of interrupted updates, and how often devices are looked at', async () => {
    await here.open();
    await openSettings();
    await card('Interrupted updates').getByLabel('go on by themselves').check();
    await save('Interrupted updates').click();
    await here.page.getByText('That holds from the next start on.').waitFor();
    expect(await cliJson(here.dataDir, ['updates', 'recovery'])).toMatchObject({ interrupted: 'resume' });
    const presence = card('Which devices are there');
    await presence.getByLabel('Minutes between two rounds').fill('0.1');
    await presence.getByText('is under 10 s').waitFor();
    await presence.getByLabel('Minutes between two rounds').fill('2,5');
    await save('Which devices are there').click();
    await here.page.getByText('Devices are looked at from now on.').waitFor();
    expect(await cliJson(here.dataDir, ['presence'])).toMatchObject({ intervalMs: 150_000 });
    // What another door sets is shown.
    await cliJson(here.dataDir, ['presence', '--every', 'off']);
    await here.page.waitForFunction(() =>
      [...document.querySelectorAll('input')].every(({ value }) => value !== '2.5'),
    );
  });

  it('choose the theme, which stays after the page was loaded again', async () => {
    await here.open();
    const { page } = here;
    await openSettings();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    await page.emulateMedia({ colorScheme: 'light', contrast: 'more' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'contrast');
    await page.emulateMedia({ contrast: 'no-preference' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
    const themes = page.getByRole('radiogroup', { name: 'Theme' });
    await themes.getByLabel('as the system has it').focus();
    await page.keyboard.press('ArrowUp');
    expect(await theme()).toBe('contrast');
    await page.reload();
    await card('Appearance').getByLabel('high contrast').waitFor();
    expect(await theme()).toBe('contrast');
    expect(await card('Appearance').getByLabel('high contrast').isChecked()).toBe(true);
    await themes.getByLabel('as the system has it').check();
    expect(await theme()).toBe('light');
  });

  it('choose what a push does with unknown host keys, by keyboard, which each push can say otherwise', async () => {
    await here.openWithDevice('gw', '192.0.2.1');
    const { page } = here;
    await page.keyboard.press('Escape');
    await here.sheet().waitFor({ state: 'detached' });
    await openSettings();
    const policies = page.getByRole('radiogroup', { name: 'Unknown host keys' });
    expect(await policies.getByLabel('Accept them, and remember').isChecked()).toBe(true);
    await policies.getByLabel('Accept them, and remember').focus();
    await page.keyboard.press('ArrowUp');
    await page.reload();
    await policies.getByLabel('Stop the device, and show its key').waitFor();
    await page.getByRole('button', { name: 'Push firmware…' }).click();
    expect(await here.sheet().getByLabel('Unknown host keys').inputValue()).toBe('ask');
    await here.sheet().getByLabel('Unknown host keys').selectOption('strict');
    await page.keyboard.press('Escape');
    expect(await policies.getByLabel('Stop the device, and show its key').isChecked()).toBe(true);
  });

  it('choose the language, which stays after the page was loaded again', async () => {
    await here.open();
    const { page } = here;
    await openSettings();
    await page.getByRole('radiogroup', { name: 'Language' }).getByLabel('Deutsch').check();
    await page.getByRole('link', { name: 'Geräte' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.reload();
    await page.getByRole('link', { name: 'Einstellungen' }).waitFor();
    await page.getByRole('radiogroup', { name: 'Sprache' }).getByLabel('English').check();
    await page.getByRole('link', { name: 'Settings' }).waitFor();
  });

  it('know the keys of hosts: searched, drawn, imported, exported and forgotten', async () => {
    await here.open();
    await openSettings();
    const { page } = here;
    const keys = ['one', 'two'].map((name) => makeSshKey(here.dir, name));
    const lines = keys.map(({ publicKey }, index) => `plc-${index + 1}.lab ${publicKey}`);
    const revoked = `@revoked * ${makeSshKey(here.dir, 'three').publicKey}`;
    await page.getByText('No host key is known yet.').waitFor();
    const picker = page.getByLabel('A known_hosts file');
    await picker.setInputFiles(knownHosts(lines.join('')));
    await page.getByText('2 host keys added, 0 known before.').waitFor();
    await picker.setInputFiles(knownHosts('plc-1.lab nonsense\n'));
    await page.getByRole('alert').getByText('Line 1').waitFor();
    await picker.setInputFiles(knownHosts(revoked));
    const table = page.getByRole('table', { name: 'Known hosts' });
    await table.getByText('revoked').waitFor();
    await page.getByLabel('Search hosts').fill('plc-2');
    await page.getByText('1 of 3 host keys.').waitFor();
    await page.getByRole('button', { name: 'Picture of the key of plc-2.lab' }).press('Enter');
    const drawn = execFileSync('ssh-keygen', ['-lv', '-f', keys[1]?.file ?? ''], { encoding: 'utf8' });
    const picture = page.getByRole('img', { name: 'Picture of the key of plc-2.lab' });
    expect(await picture.textContent()).toBe(drawn.trimEnd().split('\n').slice(1).join('\n'));

    await page.getByRole('button', { name: 'Forget plc-2.lab' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget this key' }).click();
    await page.getByText('No host key matches.').waitFor();
    await page.getByLabel('Search hosts').fill('');
    await page.getByText('2 host keys.').waitFor();
    expect(await page.getByRole('button', { name: 'Forget *' }).count()).toBe(0);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const exported = readFileSync(await (await saved).path(), 'utf8');
    expect(exported).toContain('plc-1.lab');
    expect(exported).not.toContain('plc-2.lab');
  });

  it('show where devices are kept, and leave the choice to who sits at the laptop', async () => {
    await here.open();
    await openSettings();
    const registry = card('Where devices are kept');
    await registry.getByText('registry.db').waitFor();
    await registry.getByText('connected', { exact: true }).waitFor();
    await registry.getByText('in the terminal of the laptop itself').waitFor();
    expect(await registry.getByRole('textbox').count()).toBe(0);
    await card('About')
      .getByText(/Pushrod \d/)
      .waitFor();
  });
});
