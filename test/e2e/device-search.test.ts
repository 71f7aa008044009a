import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const list = `id,name,address,status,location,model,firmware_version,tag:rack
a,gateway-1,192.0.2.1,online,Hall 1,GW,2.0.0,4
b,gateway-2,192.0.2.2,offline,Hall 1,GW,2.1,4
c,gateway-3,192.0.2.3,online,Lab,GW,2.1.0,5
d,camera-1,192.0.2.4,online,Lab,CAM,3.0,5
e,camera-2,192.0.2.5,unknown,,CAM,,
`;

describe.runIf(has('chromium'))('a search of the devices', () => {
  const here = usePage();
  const field = () => here.page.getByLabel('Search devices');
  const names = () => here.devices().getByRole('rowheader').allTextContents();
  const found = (...expected: string[]) => expect.poll(names, { timeout: 20_000 }).toEqual(expected);
  const fragment = () => decodeURIComponent(new URL(here.page.url()).hash);

  async function openWithList(): Promise<void> {
    const file = join(here.dir, 'five.csv');
    writeFileSync(file, list);
    await cliJson(here.dataDir, ['devices', 'import', file]);
    await here.open();
    await here.devices().getByText('gateway-3').waitFor();
  }

  it.each([
    ['gateway status:online', ['gateway-1', 'gateway-3']],
    ['location:"Hall 1" location:-', ['camera-2', 'gateway-1', 'gateway-2']],
    ['fw<2.1', ['gateway-1']],
    ['fw>=2.1 fw<3', ['gateway-2', 'gateway-3']],
    ['fw=2.1.0', ['gateway-3']],
    ['tag:rack=4 model:GW', ['gateway-1', 'gateway-2']],
    ['id:e id:a', ['camera-2', 'gateway-1']],
  ])('%s finds what it says', async (text, expected) => {
    await openWithList();
    await field().fill(text);
    await found(...expected);
    await here.page
      .getByText(expected.length === 1 ? '1 device matches' : `${expected.length} devices match`)
      .waitFor();
  });

  it('is in the address: it survives a reload, another view, back and forward', async () => {
    await openWithList();
    const { page } = here;
    await field().pressSequentially('location:Lab');
    await found('camera-1', 'gateway-3');
    expect(fragment()).toBe('#/devices?search=location:Lab');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await found('gateway-3', 'camera-1');
    expect(fragment()).toBe('#/devices?search=location:Lab&sort=-name');
    await page.reload();
    await found('gateway-3', 'camera-1');
    expect(await field().inputValue()).toBe('location:Lab');
    await page.getByRole('link', { name: 'Firmware', exact: true }).click();
    await page.getByRole('heading', { name: 'Firmware' }).waitFor();
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await found('gateway-3', 'camera-1');
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await found('camera-1', 'gateway-3');
    expect(await field().inputValue()).toBe('location:Lab');
    await page.goBack();
    await found('camera-1', 'camera-2', 'gateway-1', 'gateway-2', 'gateway-3');
    await page.goForward();
    await found('camera-1', 'gateway-3');
  });

  it('says below the field what it does not understand, and goes on without it', async () => {
    await openWithList();
    await field().fill('staus:online model:CAM ');
    await here.page.getByText('“staus:online” is left out: its first word is no key').waitFor();
    await found('camera-1', 'camera-2');
    expect(await field().getAttribute('aria-invalid')).toBe('true');
    await field().fill('"staus:online" ');
    await here.page.getByText('No device matches').waitFor();
    await here.page.getByRole('button', { name: 'Clear the search' }).click();
    await here.devices().getByText('gateway-1').waitFor();
  });

  it('is written by keyboard from suggestions of keys and values', async () => {
    await openWithList();
    const { page } = here;
    const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
    await field().focus();
    await page.keyboard.type('loc');
    await options.getByText('location:', { exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await field().getAttribute('aria-activedescendant')).toBe(await options.first().getAttribute('id'));
    await page.keyboard.press('Enter');
    await options.getByText('location:"Hall 1"').waitFor();
    await page.keyboard.type('ha');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await field().inputValue()).toBe('location:"Hall 1" ');
    await found('gateway-1', 'gateway-2');
    await page.keyboard.type('cam');
    await options.getByText('model:CAM').waitFor();
    await page.keyboard.press('Escape');
    await options.first().waitFor({ state: 'detached' });
    expect(await field().inputValue()).toBe('location:"Hall 1" cam');
  });

  it('is edited by ticking values, whose counts follow it', async () => {
    await openWithList();
    const { page } = here;
    await page.getByRole('button', { name: 'Filters' }).click();
    const filters = page.getByRole('complementary', { name: 'Filters' });
    await filters.getByRole('checkbox', { name: 'Lab 2' }).check();
    await found('camera-1', 'gateway-3');
    expect(await field().inputValue()).toBe('location:Lab');
    await filters.getByRole('checkbox', { name: 'GW 1' }).waitFor();
    await filters.getByRole('checkbox', { name: 'Hall 1 2' }).check();
    await found('camera-1', 'gateway-1', 'gateway-2', 'gateway-3');
    expect(await field().inputValue()).toBe('location:Lab location:"Hall 1"');
    await filters.getByRole('checkbox', { name: 'Lab 2' }).uncheck();
    await found('gateway-1', 'gateway-2');
    await page.reload();
    await filters.getByRole('checkbox', { name: 'Hall 1 2', checked: true }).waitFor();
    await page.goBack();
    await found('camera-1', 'gateway-1', 'gateway-2', 'gateway-3');
  });
});
