import type { Page } from 'playwright-core';

/** Takes pictures of the sheet of a push, in the theme that is on: with its preflight, and with all that can be chosen. */
export async function takePushSheet(
  page: Page,
  files: string[],
  shoot: (name: string) => Promise<unknown>,
): Promise<void> {
  await page.getByRole('button', { name: 'Push firmware…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Push firmware' });
  await sheet.locator('input[type=file]').setInputFiles(files);
  await sheet
    .getByTitle('SHA-256')
    .nth(files.length - 1)
    .waitFor();
  await sheet.getByLabel(/All \d+ devices/).check();
  const preflight = sheet.getByLabel('What would happen');
  await preflight.getByText('go').first().waitFor();
  await preflight.getByRole('button').click();
  await preflight.getByText('Can be reached').waitFor();
  await shoot('push-sheet');
  await sheet.getByLabel('When', { exact: true }).selectOption('In an update window');
  await sheet.getByLabel('In phases').check();
  await sheet.getByText('Limits and safeguards').click();
  await sheet.getByLabel('What that means').getByLabel('Next runs').waitFor();
  await preflight.getByText(', then ').waitFor();
  await sheet.getByLabel('Stage only').scrollIntoViewIfNeeded();
  await shoot('push-options');
  await page.keyboard.press('Escape');
}
