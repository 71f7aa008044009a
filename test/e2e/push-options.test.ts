import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Update } from '../../src/shared/model/index.ts';
import { cliJson, dropFile, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('what can be chosen for a push', () => {
  const here = usePage();
  const { sheet } = here;
  const preflight = () => sheet().getByLabel('What would happen');
  const sentence = () => preflight().getByRole('status');
  const pushButton = () => sheet().getByRole('button', { name: /^Push to/ });

  const drop = async (...files: [name: string, bytes: number][]) => {
    for (const [name, bytes] of files) makeFile(join(here.dir, name), bytes);
    await dropFile(here.page, ...files.map(([name]) => join(here.dir, name)));
  };
  const latest = async () => (await cliJson<{ updates: Update[] }>(here.dataDir, ['updates', 'list'])).updates[0];

  it('is told beforehand: what goes, what is skipped and why, and whether it can be reached', async () => {
    await here.openSimulated();
    const at = ['--address', '127.0.0.1:9', '--profile', 'simulated'];
    await cliJson(here.dataDir, ['devices', 'add', '--name', 'far', ...at]);
    await cliJson(here.dataDir, ['devices', 'add', '--name', 'meter', '--model', 'm-9', ...at]);
    const file = join(here.dir, 'gateway-2.6.bin');
    makeFile(file, 1_024 * 1_024);
    const { model } = (
      await cliJson<{ devices: { name: string; model: string }[] }>(here.dataDir, ['devices', 'list'])
    ).devices.find(({ name }) => name === 'camera-02') ?? { model: '' };
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '2.6', '--model', model]);
    await drop(['gateway-2.6.bin', 1_024 * 1_024]);
    await sheet().getByText('Choose the devices first.').waitFor();
    await sheet()
      .getByLabel(/All \d+ devices/)
      .check();
    await sentence()
      .getByText(/^\d+ (go|goes), \d+ wrong model$/)
      .waitFor();
    const skipped = preflight()
      .getByText(/^\d+ wrong model$/)
      .last();
    await skipped.click();
    await preflight().getByText('meter', { exact: true }).waitFor();

    await sheet().getByLabel('Profile').selectOption('simulated');
    const probe = preflight().getByRole('button', { name: 'Look whether they can be reached' });
    await probe.click();
    await preflight().getByRole('button', { name: 'Look again' }).waitFor();
    await preflight().getByText('Can be reached').waitFor();
    // What is chosen afterwards has not been knocked at.
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Devices at once').fill('3');
    await probe.waitFor();
  });

  it('goes in phases, whose sizes are said while they are typed, and keeps what the core refuses', async () => {
    await here.openSimulated();
    await drop(['gateway-2.6.bin', 50_000]);
    await sheet().getByLabel('All 8 devices').check();
    await sentence().getByText('8 go', { exact: true }).waitFor();
    await sheet().getByLabel('In phases').check();
    const phases = sheet().getByLabel('Phases', { exact: true });
    await phases.fill('1, half, 100 %');
    await sheet().getByText('"half" is none of it').waitFor();
    expect(await pushButton().isDisabled()).toBe(true);
    await phases.fill('1, 50 %');
    await sheet().getByText('the last phase has to reach all devices: end with 100%').waitFor();
    expect(await phases.getAttribute('aria-invalid')).toBe('true');
    await phases.fill('1, 50 %, 100 %');
    await preflight().getByText('1, then 3, then 4').waitFor();

    await sheet().getByText('Limits and safeguards').click();
    const concurrency = sheet().getByLabel('Devices at once');
    await concurrency.fill('5000');
    await sheet().getByText('Mend what is marked first.').waitFor();
    expect(await concurrency.getAttribute('aria-invalid')).toBe('true');
    expect(await phases.inputValue()).toBe('1, 50 %, 100 %');
    await concurrency.fill('4');
    await sheet().getByLabel('Each further phase waits').check();
    await preflight().getByText('1, then 3, then 4').waitFor();
    await pushButton().click();
    await here.page.getByRole('heading', { name: /gateway-2\.6\.bin/ }).waitFor();
    expect(await latest()).toMatchObject({ phases: 3 });
  });

  it('waits for its window, a time, or for devices to be seen', async () => {
    await here.openSimulated();
    await drop(['gateway-2.6.bin', 5_000]);
    await sheet().getByLabel('All 8 devices').check();
    const when = sheet().getByLabel('When', { exact: true });
    await when.selectOption('At a time');
    await sheet().getByText('Say on which day, and at what time.').waitFor();
    await sheet().getByLabel('Begins').fill('2030-01-01T02:00');
    await sheet()
      .getByText(/in \d+ days/)
      .waitFor();

    await when.selectOption('When each device is next seen');
    await sheet().getByLabel('Patience, hours').fill('-1');
    await sheet().getByText('Mend what is marked first.').waitFor();
    expect(await sheet().getByLabel('Patience, hours').getAttribute('aria-invalid')).toBe('true');

    await when.selectOption('In an update window');
    await sheet().getByLabel('Opens', { exact: true }).selectOption('By a cron expression');
    await sheet().getByLabel('Expression').fill('61 2 * * *');
    await sheet().getByText('"61" is not from 0 to 59').waitFor();
    await sheet().getByLabel('Expression').fill('0 2 1 1 *');
    const explained = sheet().getByLabel('What that means').getByRole('status');
    await explained.getByText('at 02:00 in UTC, until 04:00').waitFor();
    await sentence().getByText('8 go', { exact: true }).waitFor();
    await pushButton().click();
    await here.page.getByText('It waits for its window').waitFor();
    expect(await latest()).toMatchObject({ state: 'scheduled' });
  });

  it('is a bundle where several files are dropped, in an order that can be changed by keyboard', async () => {
    await here.openSimulated();
    await drop(['kernel-5.1.bin', 3_000], ['rootfs-2.0.bin', 4_000], ['extra-9.0.bin', 2_000]);
    await sheet().getByTitle('SHA-256').nth(2).waitFor();
    const names = () =>
      sheet().getByLabel('Firmware', { exact: true }).getByRole('listitem').locator('strong').allTextContents();
    const dropped = await names();
    expect([...dropped].sort()).toEqual(['extra-9.0.bin', 'kernel-5.1.bin', 'rootfs-2.0.bin']);
    await sheet().getByRole('button', { name: 'Leave extra-9.0.bin out' }).click();
    const [first = '', last = ''] = await names();
    await sheet()
      .getByRole('button', { name: `Bring ${first} later` })
      .press('Enter');
    expect(await names()).toEqual([last, first]);
    await sheet().getByRole('status').getByText(`${first} is file 2 of 2 now.`).waitFor();
    // Its own button has nothing left to do; the other one of the row is at hand.
    expect(await here.page.evaluate(() => document.activeElement?.ariaLabel)).toBe(`Bring ${first} earlier`);
    expect(await sheet().getByLabel('Version').inputValue()).toBe(first.startsWith('kernel') ? '5.1' : '2.0');
    await sheet().getByLabel('All 8 devices').check();
    await sentence().getByText('8 go', { exact: true }).waitFor();
    await pushButton().click();
    await here.page.getByText('8 of 8 succeeded').waitFor();
    const update = await latest();
    expect(update?.firmware.map(({ fileName }) => fileName)).toEqual([last, first]);
    expect(await here.page.getByText('6.8 KiB of 6.8 KiB').count()).toBe(8);
  });
});
