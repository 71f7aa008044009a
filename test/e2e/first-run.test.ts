import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the first run', () => {
  const here = usePage({ showsTour: true });
  const card = (title: string) => here.page.getByRole('dialog', { name: title, exact: true });

  it('goes from the simulated bench to a first push by the keyboard alone, and never comes again', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Try with a simulated bench' }).focus();
    await page.keyboard.press('Enter');
    await card('These are your devices').waitFor();
    await page.keyboard.press('Enter');
    await card('Choose some').waitFor();
    await page.reload();
    await card('Choose some').locator('button:focus', { hasText: 'Next' }).waitFor();
    await page.keyboard.press('Enter');
    await card('Push in two gestures').waitFor();
    await page.keyboard.press('Enter');
    await here.sheet().getByText('simulated-2.1.0.bin').first().waitFor();
    await here.sheet().getByRole('button', { name: 'Push to 8 devices' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-update-state]').waitFor();
    await card('Watch it arrive').locator('button:focus', { hasText: 'Next' }).waitFor();
    await page.keyboard.press('Enter');
    await card('It stays on record').locator('button:focus', { hasText: 'Done' }).waitFor();
    await page.keyboard.press('Enter');
    await card('It stays on record').waitFor({ state: 'detached' });
    await page.locator('[data-update-state=completed]').waitFor();
    await page.goto(`${new URL(page.url()).origin}/#/devices`);
    await page.reload();
    await here.devices().getByText('camera-02').waitFor();
    expect(await card('These are your devices').count()).toBe(0);
  });

  it('lets go of the tour by Escape', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await card('These are your devices').waitFor();
    await page.keyboard.press('Escape');
    await card('These are your devices').waitFor({ state: 'detached' });
    await page.reload();
    await here.devices().getByText('camera-02').waitFor();
    expect(await page.evaluate(() => localStorage.getItem('pushrod.tour'))).toBe('taken');
  });
});
