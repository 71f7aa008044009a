import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/shared/model/index.ts';
import { cliJson, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the details of a device', () => {
  const here = usePage();
  const detail = () => here.page.getByRole('complementary', { name: 'Details' });
  const deviceNamed = async (name: string) => {
    const { devices } = await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list', '--search', name]);
    return devices.find((one) => one.name === name);
  };

  it('open at an address of their own, and closing them by Escape gives the focus back to the row', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.devices().getByRole('row').nth(1).focus();
    await page.keyboard.press('ArrowDown');
    const row = page.locator('[role=row]:focus');
    const id = await row.getAttribute('data-device-id');
    await page.keyboard.press('Enter');
    await detail().getByRole('heading', { level: 2 }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/devices/${id}`);
    await page.reload();
    await detail().getByRole('heading', { level: 2 }).waitFor();
    await page.keyboard.press('Escape');
    await detail().waitFor({ state: 'detached' });
    await page.waitForFunction((of) => document.activeElement?.getAttribute('data-device-id') === of, id);
    await page.goBack();
    await detail().getByRole('heading', { level: 2 }).waitFor();
  });

  it('say whether it can be reached now, and what was pushed to it', async () => {
    await here.openSimulated();
    const { page } = here;
    const firmware = join(here.dir, 'history-1.2.bin');
    makeFile(firmware, 2_000);
    await cliJson(here.dataDir, ['firmware', 'add', firmware, '--version', '1.2']);
    await here.devices().getByRole('button', { name: 'camera-02' }).click();
    await detail().getByText('Nothing was pushed to it yet.').waitFor();
    await detail().getByRole('button', { name: 'Check now' }).click();
    await detail()
      .getByText(/^It answered within/)
      .waitFor();
    const device = await deviceNamed('camera-02');
    await cliJson(here.dataDir, ['push', '--firmware', firmware, '--device', device?.id ?? '', '--detach']);
    await detail().getByRole('link', { name: 'history-1.2.bin, 1.2' }).waitFor();
    await detail().getByText('succeeded').waitFor();
    await detail().getByRole('link', { name: 'history-1.2.bin, 1.2' }).click();
    await page.locator('[data-update-state=completed]').waitFor();
  });

  it('show its host key before it is trusted, and forget it again', async () => {
    await here.openSimulated();
    await here.devices().getByRole('button', { name: 'camera-02' }).click();
    await detail().getByText('No key of this device is known yet').waitFor();
    await detail().getByRole('button', { name: 'Show its key' }).click();
    await detail().getByText('Compare it with its label').waitFor();
    expect(await detail().getByRole('img').textContent()).toContain('[SHA256]');
    await detail().getByRole('button', { name: 'Trust this key' }).click();
    await here.page.getByText('The key of camera-02 is trusted.').waitFor();
    await detail().getByRole('button', { name: 'Show its key' }).click();
    await detail().getByText('The device shows the key that is known.').waitFor();
    await detail().getByRole('button', { name: 'Forget the key' }).click();
    await detail().getByText('No key of this device is known yet').waitFor();
  });

  it('change its fields and its metadata, values that are no text among them; a reload loses nothing that was typed', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.devices().getByRole('button', { name: 'camera-02' }).click();
    await detail().getByRole('button', { name: 'Change address' }).click();
    const address = detail().getByLabel('Address of camera-02');
    const before = await address.inputValue();
    await address.fill('http://192.0.2.7');
    await page.keyboard.press('Enter');
    await detail().getByText('without protocol').waitFor();
    await page.keyboard.press('Escape');
    await detail().getByText(before, { exact: true }).first().waitFor();
    await detail().getByRole('button', { name: 'Change location' }).click();
    await page.keyboard.type('Roof');
    await page.keyboard.press('Tab');
    expect(await detail().getByLabel('Model of camera-02').inputValue()).not.toBe('');
    await page.keyboard.press('Escape');
    await detail().getByText('Roof').waitFor();
    await detail().getByRole('button', { name: 'Add an entry' }).click();
    await page.keyboard.type('slots');
    await detail().getByLabel('Value of slots').fill('[1,2');
    await detail().getByRole('checkbox', { name: 'JSON' }).last().check();
    await detail().getByText('This is not JSON').waitFor();
    await page.reload();
    await detail().getByLabel('Value of slots').fill('[1,2]');
    await detail().getByRole('button', { name: 'Save metadata' }).click();
    await page.getByText('camera-02 changed.').waitFor();
    const changed = await deviceNamed('camera-02');
    expect(changed).toMatchObject({ location: 'Roof', metadata: { bench: 'simulated', slots: [1, 2] } });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 device set back').waitFor();
    expect((await deviceNamed('camera-02'))?.metadata).toEqual({ bench: 'simulated' });
  });

  it('say that the device is gone where it is', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.goto(`${new URL(page.url()).origin}/#/devices/nobody`);
    await detail().getByText('not on the list any more').waitFor();
    await page.keyboard.press('Escape');
    await detail().waitFor({ state: 'detached' });
  });
});
