import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, dropFile, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** Words that are in nearly every English text of these views, and in none of the German ones. */
const english = /\b(the|of|to|with|devices?|failed|succeeded|started|ended|sent|choose|change|push|key|limits)\b/i;

describe.runIf(has('chromium'))('a push in German', () => {
  const here = usePage();

  /** What is shown, read out or offered within. */
  const expectNoEnglish = async (selector: string) => {
    const texts = await here.page.locator(selector).evaluateAll((places) =>
      places
        .flatMap((place) => [place, ...place.querySelectorAll('*')])
        .flatMap((element) => [
          ...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
          ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map((node) => node.textContent ?? ''),
        ])
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    );
    expect(texts, selector).not.toEqual([]);
    expect(texts.filter((text) => english.test(text))).toEqual([]);
  };

  it('is put together, watched and read without a word of English', async () => {
    await cliJson(here.dataDir, ['devices', 'add', '--name', 'weit-weg', '--address', '127.0.0.1:9']);
    await here.open('de-DE');
    const { page } = here;
    const firmware = join(here.dir, 'router-1.2.3.bin');
    makeFile(firmware, 1_000);
    await dropFile(page, firmware);
    const sheet = page.getByRole('dialog', { name: 'Firmware aufspielen' });
    await sheet.getByTitle('SHA-256').waitFor();
    await sheet.getByLabel('Das einzige Gerät').check();
    await sheet.getByLabel('Benutzername').fill('root');
    await sheet.getByLabel('Passwort').fill('geheim');
    await expectNoEnglish('dialog .body');
    await sheet.getByRole('button', { name: 'Anmeldung hinterlegen' }).click();
    await sheet.getByText('1 wird bespielt').waitFor();
    await sheet.getByLabel('In Phasen').check();
    await sheet.getByText('Grenzen und Sicherungen').click();
    await expectNoEnglish('dialog');
    await sheet.getByLabel('In Phasen').uncheck();
    await sheet.getByRole('button', { name: 'Auf 1 Gerät aufspielen' }).click();

    await page.getByText('von 1 fertig').waitFor();
    await page.getByText('1 Gerät: nicht erreichbar.').waitFor();
    const places = [
      '[aria-label=Überblick]',
      '[aria-label=Ursachen]',
      '[aria-label=Flotte]',
      '.chips',
      'header .actions',
    ];
    for (const place of places) await expectNoEnglish(place);
    await page.getByRole('link', { name: 'Updates' }).click();
    await page.getByRole('columnheader', { name: 'Begonnen' }).waitFor();
    await page.getByText('abgeschlossen, 1 gescheitert').waitFor();
  });
});
