import { describe, expect, it } from 'vitest';
import { has, runCli } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const cut = 'The connection to Pushrod was cut';

describe.runIf(has('chromium'))('the page and its connection', () => {
  const here = usePage();

  it('leaves what a person is typing alone while the connection is cut and opened again', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.getByRole('button', { name: 'Add device…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('typed-by-hand');
    await here.end('SIGTERM');
    await dialog.getByText('Not connected to Pushrod now').waitFor();
    expect(await dialog.getByRole('button', { name: 'Add device' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Address').fill('192.0.2.77');
    await page.keyboard.press('Enter');
    await here.restart();
    await page.getByText(cut).waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Name').inputValue()).toBe('typed-by-hand');
    await dialog.getByRole('button', { name: 'Add device' }).click();
    await here.devices().getByText('typed-by-hand').waitFor();
  });

  it('shows the last it knew while the connection is cut, says so once, and offers nothing that cannot be done', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.pushToSimulated('lost-1.0.bin', 24);
    await here.end('SIGKILL');
    await page.getByText(cut).waitFor();
    expect(await page.locator('[data-state=transferring]').count()).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Cancel push' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Push firmware…' }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByText('The devices are shown once Pushrod is connected again').waitFor();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([expect.stringContaining(cut)]);
    await here.restart();
    await here.devices().getByText('camera-02').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('comes back by itself when Pushrod is started again, at the address it had before', async () => {
    await here.open();
    const { page } = here;
    await page.clock.install();
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    await here.end('SIGTERM');
    await page.getByText(cut).waitFor();
    await page.clock.fastForward(20_000);
    await page.getByText('Pushrod is not running at this address; use the address its terminal printed').waitFor();
    expect(new URL(await here.restart([])).port).toBe(new URL(here.url).port);
    await page.getByText('Pushrod is not running').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add a device' }).waitFor();
  });

  it('takes the code of an address that is pasted into a tab that asks for it, however it is written', async () => {
    await here.open();
    const { page } = here;
    await page.getByText('Put your bench on the list').waitFor();
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.getByLabel('Pairing code').waitFor();
    here.expectProblem(/401/);
    await page.evaluate(() => {
      location.hash = '#code=%';
    });
    await page.getByText('This is not the pairing code').waitFor();
    expect(new URL(page.url()).hash).toBe('#/devices');
  });

  it('opens an address that nothing is at, and one that is not well written', async () => {
    await here.open();
    const { page } = here;
    await page.evaluate(() => {
      location.hash = '#/updates/%';
    });
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByText('Put your bench on the list').waitFor();
  });

  it('follows an interrupted update that goes on elsewhere', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.pushToSimulated('elsewhere-1.0.bin', 12);
    await here.end('SIGKILL');
    await here.restart();
    await page.locator('[data-update-state=interrupted]').waitFor();
    await page.getByText('Nothing was activated half done').waitFor();
    const id = page.url().split('/').at(-1) ?? '';
    expect((await runCli(here.dataDir, ['updates', 'resume', id])).code).toBe(0);
    await page.getByText('8 of 8 succeeded').waitFor();
  });
});
