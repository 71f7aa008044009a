import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('adding devices in the page', () => {
  const here = usePage();

  it('goes on after a reload where the form was left, and forgets it once it is cancelled', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('gateway-7');
    await dialog.getByLabel('Location').fill('Hall 3');
    await page.reload();
    await dialog.waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('gateway-7');
    expect(await dialog.getByLabel('Location').inputValue()).toBe('Hall 3');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    await page.getByRole('button', { name: 'Add a device' }).click();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('');
  });
});
