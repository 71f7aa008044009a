import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** Words of English that no view says in German. Names, and what the core answers, may hold others. */
const english = /\b(the|and|with|none|never|of|is|are|by|from|devices|add|change|remove|loading)\b/i;

/** What the core says in English, and what people and devices called something. */
const quoted = [/^Every day/, /\d+ added/, /127\.0\.0\.1/, /ssh -J|pushrod /, /simulated|copy/];

/** Of each place, some of what it says. */
const places: [place: string, samples: (string | RegExp)[]][] = [
  ['Zeitpläne', ['Standorte', 'Neuer Zeitplan …', 'Nächster Lauf']],
  ['Firmware', ['Firmware aufnehmen …', 'Installiert auf', 'für jedes Modell']],
  ['Profile', ['Anmeldungen', 'Neues Profil …', 'Vorlage']],
  ['Steckplätze', ['Steckplatz anlegen …', /Aus$/, 'bespielt']],
  ['Protokoll', ['Protokoll prüfen', 'Wann', 'hinzugefügt']],
  ['Einstellungen', ['Grenzen dieses Laptops', 'Aussehen', 'Über Pushrod']],
];

/** The place of each dialog, the button that opens it, and what it is called. */
const dialogs: [place: string, button: string, title: string][] = [
  ['Zeitpläne', 'Neuer Zeitplan …', 'Neuer Zeitplan'],
  ['Zeitpläne', 'Standort festlegen …', 'Standort festlegen'],
  ['Firmware', 'gateway-2.6.bin ändern', 'gateway-2.6.bin ändern'],
  ['Firmware', 'Signatur von gateway-2.6.bin', 'Signatur von gateway-2.6.bin'],
  ['Firmware', 'Unterzeichner hinzufügen …', 'Unterzeichner hinzufügen'],
  ['Profile', 'Neues Profil …', 'Neues Profil'],
  ['Profile', 'http ändern', 'http ändern'],
  ['Profile', 'simulated prüfen', 'simulated an einem Gerät prüfen'],
  ['Profile', 'Anmeldung anlegen …', 'Anmeldung anlegen'],
  ['Steckplätze', 'Steckplatz anlegen …', 'Steckplatz anlegen'],
];

describe.runIf(has('chromium'))('the page in German', () => {
  const here = usePage();
  const main = () => here.page.locator('main');
  const go = async (place: string) => {
    await here.page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();
    await here.page.getByRole('heading', { level: 1, name: place }).waitFor();
  };

  /** With something in each view, once German was chosen. */
  const begin = async () => {
    await here.openSimulated();
    const file = join(here.dir, 'gateway-2.6.bin');
    makeFile(file, 5_000);
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '2.6']);
    await cliJson(here.dataDir, ['sites', 'set', 'Halle 1', '--tz', 'Europe/Berlin']);
    await cliJson(here.dataDir, [
      ...['schedules', 'add', 'nachts', '--cron', '0 2 * * *', '--tz', 'UTC', '--firmware', 'latest', '--all'],
    ]);
    await cliJson(here.dataDir, [
      ...['slots', 'add', 'links', '--address', '127.0.0.1:4022', '--profile', 'copy', '--identity', 'cat /etc/serial'],
    ]);
    await here.page.getByRole('link', { name: 'Settings', exact: true }).click();
    await here.page.getByRole('radiogroup', { name: 'Language' }).getByLabel('Deutsch').check();
    await here.page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  };
  /** The lines that are shown there and read like English. */
  const englishIn = async (selector: string) => {
    const lines = (await here.page.locator(selector).allInnerTexts()).flatMap((text) => text.split('\n'));
    return lines.filter((line) => english.test(line) && !quoted.some((one) => one.test(line)));
  };

  it('says all of its views and dialogs in German, and stays so', async () => {
    await begin();
    for (const [place, samples] of places) {
      await go(place);
      for (const sample of samples) await main().getByText(sample, { exact: true }).first().waitFor();
      expect([place, ...(await englishIn('main'))]).toEqual([place]);
    }
    for (const [place, button, title] of dialogs) {
      await go(place);
      await here.page.getByRole('button', { name: button, exact: true }).click();
      const dialog = here.page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      await dialog.getByText('werden geladen').first().waitFor({ state: 'detached' });
      expect([title, ...(await englishIn('dialog'))]).toEqual([title]);
      await here.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await go('Zeitpläne');
    await here.page.reload();
    // A day as Germans write it.
    await main()
      .getByText(/^(Mo|Di|Mi|Do|Fr|Sa|So)\., \d+\. \S+ \d{4}, 02:00$/)
      .first()
      .waitFor();
    expect(await here.page.evaluate(() => document.documentElement.lang)).toBe('de');
  });
});
