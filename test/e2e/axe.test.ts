import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, has, makeFile, makeSshKey, setProfile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe says of an element. */
interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

declare global {
  interface Window {
    axe?: { run(): Promise<{ violations: Violation[] }> };
  }
}

/** Each dialog: the place it is opened at, by which button, and what it is called. */
const dialogs: [place: string, button: string | RegExp, title: string | RegExp][] = [
  ['Devices', 'Push firmware…', 'Push firmware'],
  ['Devices', 'Add device…', 'Add a device'],
  ['Devices', 'Import…', /Import/],
  ['Devices', 'Edit…', /^Edit /],
  ['Devices', 'Remove…', /^Remove /],
  ['Schedules', 'New schedule…', 'New schedule'],
  ['Schedules', 'Set a site…', /site/],
  ['Firmware', /^Change /, /^Change /],
  ['Firmware', /^Signature of /, /^Signature of /],
  ['Firmware', 'Add a signer…', 'Add a signer'],
  ['Firmware', /^Remove /, /^Remove /],
  ['Profiles', 'New profile…', 'New profile'],
  ['Profiles', 'Change http', 'Change http'],
  ['Profiles', 'Remove simulated', /^Remove /],
  ['Profiles', 'Test simulated', /^Test /],
  ['Profiles', 'Add a credential…', 'Add a credential'],
  ['Profiles', 'Remove the credential simulated', /^Remove /],
  ['Slots', 'Add a slot…', 'Add a slot'],
  ['Settings', /^Forget /, /^Forget the key of /],
];

describe.runIf(has('chromium'))('axe on the page', () => {
  const here = usePage();
  const link = (name: string) => here.page.getByRole('navigation').getByRole('link', { name, exact: true });

  /** What axe finds now, on one line each. */
  const faults = async (where: string): Promise<string[]> => {
    const violations = await here.page.evaluate(async () => {
      // Colours are judged as they are once nothing moves any more.
      await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
      return (await window.axe?.run())?.violations;
    });
    if (!violations) throw new Error('axe is not in the page');
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${where}: ${id}: ${help}: ${JSON.stringify(target)} ${failureSummary}`,
      ),
    );
  };

  /** Opens with the simulated bench, a firmware, a schedule, a slot and an update that has ended. */
  const begin = async (theme: string) => {
    await here.openSimulated();
    const file = join(here.dir, `gateway-${theme}.bin`);
    makeFile(file, 5_000);
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '2.6']);
    await cliJson(here.dataDir, ['sites', 'set', 'Hall 1', '--tz', 'Europe/Berlin']);
    await cliJson(here.dataDir, [
      ...['schedules', 'add', 'nightly', '--cron', '0 2 * * *', '--tz', 'UTC', '--firmware', 'latest', '--all'],
    ]);
    await cliJson(here.dataDir, [
      ...['slots', 'add', 'left', '--address', '127.0.0.1:4022', '--profile', 'copy', '--identity', 'cat /etc/serial'],
    ]);
    await here.page.evaluate((chosen) => localStorage.setItem('pushrod.theme', chosen), theme);
    await here.page.reload();
    await here.devices().getByText('camera-02').waitFor();
    await here.page.evaluate(axe);
  };

  it.each(['light', 'dark', 'contrast'])('finds nothing in any view and dialog, in the theme %s', async (theme) => {
    await begin(theme);
    const { page } = here;
    const found: string[] = [];
    await here.pushToSimulated(`demo-${theme}-1.0.bin`, 8);
    found.push(...(await faults('a push')));
    await page.locator('[data-update-state=completed]').waitFor();
    found.push(...(await faults('an update')));
    for (const panel of ['Event log', 'Command outputs']) {
      await page.getByRole('button', { name: panel }).click();
      await page.getByRole('region', { name: panel }).waitFor();
      found.push(...(await faults(panel)));
    }
    for (const place of await page.getByRole('navigation').getByRole('link').allTextContents()) {
      await link(place).click();
      await page.getByRole('heading', { level: 1, name: place }).waitFor();
      await page
        .getByText(/^Loading/)
        .first()
        .waitFor({ state: 'detached' });
      found.push(...(await faults(place)));
    }
    await link('Audit').click();
    await page.locator('[data-entry]').first().getByRole('button').click();
    await page.locator('[data-details]').waitFor();
    found.push(...(await faults('an entry of the audit log')));
    await link('Settings').click();
    await page
      .getByRole('button', { name: /^Picture of/ })
      .first()
      .click();
    found.push(...(await faults('the picture of a key')));
    await link('Schedules').click();
    await page.getByRole('table', { name: 'Schedules' }).getByRole('link', { name: 'nightly' }).click();
    await page.getByRole('heading', { name: 'nightly', exact: true }).waitFor();
    found.push(...(await faults('a schedule')));
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('dialog', { name: 'Remove nightly?' }).waitFor();
    found.push(...(await faults('the removal of a schedule')));
    await page.keyboard.press('Escape');
    await link('Devices').click();
    await here.devices().getByRole('checkbox').nth(1).check();
    await page.getByLabel('Search devices').fill('nokey:1 mod');
    await page.getByRole('option', { name: 'model:' }).waitFor();
    found.push(...(await faults('a search that is being typed')));
    await page.getByLabel('Search devices').fill('');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('complementary', { name: 'Filters' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog', { name: 'Columns of the list' }).waitFor();
    found.push(...(await faults('filters and columns')));
    await page.keyboard.press('Escape');
    for (const [place, button, title] of dialogs) {
      await link(place).click();
      await page.getByRole('button', { name: button, exact: true }).first().click();
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      await dialog
        .getByText(/^Loading/)
        .first()
        .waitFor({ state: 'detached' });
      found.push(...(await faults(`${place}, ${button}`)));
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    for (const [keys, name] of [
      ['Control+k', 'Commands'],
      ['Shift+?', 'Keys'],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name }).waitFor();
      found.push(...(await faults(name)));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
    }
    found.push(...(await faultsOfDevices()));
    expect(found).toEqual([]);
  });

  it.each(['light', 'dark', 'contrast'])('finds nothing in what an update asks, in the theme %s', async (theme) => {
    await begin(theme);
    const { page } = here;
    const found: string[] = [];
    const other = makeSshKey(here.dir, `other-${theme}`);
    const { devices } = await cliJson<{ devices: { id: string; name: string; address: string }[] }>(here.dataDir, [
      ...['devices', 'list'],
    ]);
    const camera = devices.find(({ name }) => name === 'camera-02');
    const [host, port] = camera?.address.split(':') ?? [];
    await cliJson(here.dataDir, ['hosts', 'forget', camera?.id ?? '']);
    await cliJson(here.dataDir, ['hosts', 'import', '-'], `[${host}]:${port} ${other.publicKey}`);
    await here.pushToSimulated(`asked-${theme}-1.0.bin`, 8);
    await page.locator('[data-update-state=completed]').waitFor();
    await page.getByText('How it was asked for').click();
    await page.getByText('Devices at once').waitFor();
    found.push(...(await faults('how it was asked for')));
    await page.getByRole('button', { name: 'Look at both keys…' }).click();
    const changed = page.getByRole('dialog', { name: 'Another key answered for camera-02' });
    await changed.getByLabel('Old key').waitFor();
    found.push(...(await faults('a changed key')));
    await page.keyboard.press('Escape');
    await changed.waitFor({ state: 'detached' });

    const file = join(here.dir, `asked-${theme}-1.0.bin`);
    await cliJson(here.dataDir, [
      ...['push', '--firmware', file, '--all', '--force', '--detach', '--start', '2099-01-01T00:00:00Z'],
    ]);
    await link('Updates').click();
    const ticks = page.getByRole('table', { name: 'Updates' }).getByRole('checkbox');
    await ticks.nth(1).check();
    await ticks.nth(0).check();
    await page.getByRole('region', { name: 'Two updates side by side' }).getByRole('table').waitFor();
    found.push(...(await faults('two updates side by side')));
    await page.getByRole('table', { name: 'Updates' }).getByRole('link').first().click();
    await page.getByLabel('Choose camera-02').check();
    for (const [button, title] of [
      ['Leave 1 out…', 'Leave 1 device out?'],
      ['Cancel push', 'Cancel this push?'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      found.push(...(await faults(title)));
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Change limits…' }).click();
    await page.getByRole('dialog', { name: 'Change the limits of this push' }).waitFor();
    found.push(...(await faults('other limits')));
    expect(found).toEqual([]);
  });

  /** Of what opens beside the list of devices, in it, and from its menu. */
  const faultsOfDevices = async (): Promise<string[]> => {
    const { page } = here;
    const found: string[] = [];
    await link('Devices').click();
    await here.devices().getByRole('button', { name: 'camera-02' }).click();
    const detail = page.getByRole('complementary', { name: 'Details' });
    await detail.getByRole('button', { name: 'Show its key' }).click();
    await detail.getByRole('img').first().waitFor();
    await detail.getByRole('button', { name: 'Change address' }).click();
    await page.keyboard.type('http://x');
    await page.keyboard.press('Enter');
    await detail.getByText('without protocol').waitFor();
    found.push(...(await faults('the details of a device')));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Paste a list…' }).click();
    const paste = page.getByRole('dialog', { name: 'Paste a list of devices' });
    await paste.getByLabel('Devices', { exact: true }).fill('a,192.0.2.1,x\nb,http://192.0.2.2,y\n');
    await paste.getByText('1 line cannot be taken').waitFor();
    found.push(...(await faults('a pasted list')));
    await page.keyboard.press('Escape');
    const { devices } = await cliJson<{ devices: { address: string }[] }>(here.dataDir, ['devices', 'list']);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Find devices…' }).click();
    const discover = page.getByRole('dialog', { name: 'Find devices' });
    await discover.getByLabel('Subnet').fill('127.0.0.0/29');
    await discover.getByLabel('Ports').fill(devices[0]?.address.split(':')[1] ?? '');
    await discover.getByRole('checkbox', { name: /Listen/ }).uncheck();
    await discover.getByRole('button', { name: 'Search' }).click();
    await discover.getByRole('table').waitFor();
    found.push(...(await faults('found devices')));
    await page.keyboard.press('Escape');
    return found;
  };

  it.each(['light', 'dark', 'contrast'])('finds nothing where things go wrong, in the theme %s', async (theme) => {
    await here.open();
    const { page } = here;
    await page.getByText('Put your bench on the list').waitFor();
    await page.evaluate((chosen) => localStorage.setItem('pushrod.theme', chosen), theme);
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    await page.evaluate(axe);
    const found = await faults('the first start');
    await page.getByRole('button', { name: 'Try with a simulated bench' }).click();
    await here.devices().getByText('camera-02').waitFor();
    await setVersionCommand();
    await link('Profiles').click();
    await page.getByRole('button', { name: 'Test simulated' }).click();
    const dialog = page.getByRole('dialog').last();
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    await dialog.getByText('is not known yet').waitFor();
    found.push(...(await faults('a test that was refused')));
    await dialog.getByRole('button', { name: 'Look at its key…' }).click();
    await page.getByRole('dialog', { name: /^Trust the key/ }).waitFor();
    found.push(...(await faults('an unknown key')));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await link('Slots').click();
    await cliJson(here.dataDir, [
      ...['slots', 'add', 'left', '--address', '127.0.0.1:4022', '--profile', 'copy', '--identity', 'cat /etc/serial'],
    ]);
    await page.getByRole('button', { name: 'Start left' }).click();
    await page.getByText('no firmware was named').first().waitFor();
    found.push(...(await faults('a slot that was refused')));
    await link('Profiles').click();
    await page.getByRole('button', { name: 'New profile…' }).click();
    await dialog.getByLabel('Port').fill('ssh');
    await dialog.getByText('must be a whole number').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('What you entered is not kept.').waitFor();
    found.push(...(await faults('a form with a fault')));
    await page.evaluate(() => localStorage.removeItem('pushrod.token'));
    await page.goto(new URL('/', here.url).href);
    await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
    await page.evaluate(axe);
    found.push(...(await faults('pairing')));
    expect(found).toEqual([]);
  });

  /** From now on a check of the simulated devices has to log in. */
  const setVersionCommand = async () => {
    const simulated = await cliJson<object>(here.dataDir, ['profiles', 'get', 'simulated']);
    await setProfile(here.dataDir, 'simulated', { ...simulated, versionCommand: 'echo 1' });
  };
});
