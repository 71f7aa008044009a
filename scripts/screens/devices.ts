import type { App } from '../../src/main/app.ts';
import type { Camera } from './camera.ts';

/** The list of devices, and what is done in it. */
export async function takeDevices({ page, shoot }: Camera, app: App): Promise<void> {
  const client = app.client('terminal');
  await client.devices.check({ selection: { all: true } });
  const grid = page.getByRole('grid', { name: 'Devices' });
  for (const name of ['camera-02', 'gateway-01', 'plc-01'])
    await grid.getByRole('checkbox', { name: `Select ${name}` }).check();
  await shoot('devices', 'The devices, three of them selected', 'phone');
  await page.getByRole('button', { name: 'Edit…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await shoot('devices-edit', 'Editing several devices');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await dialog.waitFor();
  await shoot('devices-remove', 'Removing devices');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Filters' }).click();
  const search = page.getByRole('combobox', { name: /search/i });
  await search.fill('status:online model:E');
  await page.getByRole('option').first().waitFor();
  await shoot('devices-search', 'Searching by tokens, with suggestions and filters');
  await search.fill('colour:red');
  await page.keyboard.press('Escape');
  await shoot('devices-search-fault', 'A search that is not understood');
  await search.fill('model:none-such');
  await page.getByText(/No device/).waitFor();
  await shoot('devices-none', 'A search that finds nothing');
  await search.fill('');
  await page.getByRole('button', { name: 'Filters' }).click();

  await grid.getByText('gateway-01').dblclick();
  await page.getByRole('complementary').getByRole('heading').first().waitFor();
  await shoot('device', 'One device', 'phone');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await shoot('commands', 'All commands by name', 'phone');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Shift+?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await shoot('keys', 'All keys');
  await page.keyboard.press('Escape');
}
