import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NamedSlot } from '../../src/shared/model/index.ts';
import { type Board, boardLogin, startBoard } from '../../src/simulator/index.ts';
import { cliJson, freePort, has, makeFile, setProfile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;

describe.runIf(has('chromium'))('bench slots on the page', () => {
  const here = usePage();
  const boards = new Set<Board>();
  afterEach(async () => {
    for (const board of boards) await unplug(board);
  });
  const plug = async (port: number, serial: string) => {
    const board = await startBoard({ port, serial });
    boards.add(board);
    return board;
  };
  const unplug = async (board: Board) => {
    boards.delete(board);
    await board.close();
  };
  const tile = (name: string) => here.page.getByRole('listitem', { name, exact: true });
  const inState = (name: string, state: string) =>
    tile(name)
      .and(here.page.locator(`[data-slot-state=${state}]`))
      .waitFor();
  const dialog = () => here.page.getByRole('dialog');
  const button = (name: string) => here.page.getByRole('button', { name, exact: true });
  const slots = async () => (await cliJson<{ slots: NamedSlot[] }>(here.dataDir, ['slots', 'list'])).slots;

  /** With the login and profile of boards and a firmware, on the page of slots. */
  const begin = async () => {
    await here.open();
    const { username, password } = boardLogin;
    await cliJson(
      here.dataDir,
      ['credentials', 'add', 'factory', '--username', username, '--password-stdin'],
      password,
    );
    await setProfile(here.dataDir, 'board', {
      ...{ credential: 'factory', remotePath: '/tmp/{firmware.fileName}' },
      ...{ activateCommand: 'firmware-install {remotePath} {firmware.version}', rateLimit: '2M' },
    });
    const file = join(here.dir, 'board-1.0.bin');
    makeFile(file, 4 * mib);
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '1.0']);
    await here.page.getByRole('link', { name: 'Slots', exact: true }).click();
  };
  const add = async (name: string, port: number) => {
    await button('Add a slot…').click();
    await here.page.locator('input:focus').fill(name);
    await dialog().getByLabel('Address').fill(`127.0.0.1:${port}`);
    await dialog().getByLabel('Profile').selectOption('board');
    await dialog().getByLabel('Identity command').fill('cat /etc/serial');
    await dialog().getByLabel('board-1.0.bin').check();
    await here.page.keyboard.press('Enter');
    await inState(name, 'off');
  };

  it('are set up by a form that knows what a slot can work with', async () => {
    await begin();
    const { page } = here;
    await page.getByText('No slot is set up.').waitFor();
    await page.keyboard.press('n');
    expect(await dialog().getByLabel('Profile').getByRole('option').allTextContents()).not.toContain('http');
    await dialog().getByLabel('Address').fill('http://192.168.1.1');
    await dialog().getByText('without protocol').waitFor();
    expect(await dialog().getByRole('button', { name: 'Add slot' }).isDisabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().getByRole('button', { name: 'Close anyway' }).click();
    await add('left', 4022);
    expect(await slots()).toMatchObject([
      { name: 'left', address: '127.0.0.1:4022', profile: 'board', identityCommand: 'cat /etc/serial' },
    ]);

    await button('Change left').click();
    await dialog().getByLabel('board-1.0.bin').uncheck();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    await button('Start left').click();
    await tile('left').getByText('no firmware was named').first().waitFor();
    await button('Remove left').click();
    await tile('left').waitFor({ state: 'detached' });
    await button('Undo').click();
    await inState('left', 'off');
  });

  it('flash one board after the other, say when each can be taken out, and count them', async () => {
    const port = await freePort();
    await begin();
    await add('left', port);
    await button('Start left').press('Enter');
    await inState('left', 'waiting');
    await tile('left').getByText('Put a board in').waitFor();
    for (const [index, serial] of ['SN-1', 'SN-2'].entries()) {
      const board = await plug(port, serial);
      await inState('left', 'flashing');
      await tile('left').getByText(serial, { exact: true }).waitFor();
      await tile('left').locator('[role=progressbar]:not([aria-valuenow="0"])').waitFor();
      await inState('left', 'done');
      await tile('left').getByText('Take it out').waitFor();
      expect(await tile('left').getByRole('definition').allTextContents()).toEqual([`${index + 1}`, '0']);
      await unplug(board);
      await inState('left', 'waiting');
    }
    await here.page.getByRole('link', { name: 'Devices', exact: true }).click();
    await here.devices().getByText('SN-2', { exact: true }).waitFor();
    // The bench goes on while one looks elsewhere, and after the page was loaded anew.
    await here.page.getByRole('link', { name: 'Slots', exact: true }).click();
    await here.page.reload();
    await inState('left', 'waiting');
    await button('Stop left').click();
    await inState('left', 'off');
  });

  it('say why a board failed, and how to go on', async () => {
    const port = await freePort();
    await begin();
    await add('left', port);
    await setProfile(here.dataDir, 'board', { credential: 'factory', preflightCommand: 'no-such-command' });
    await button('Start left').click();
    await plug(port, 'SN-9');
    await inState('left', 'failed');
    await tile('left').getByText('no-such-command').waitFor();
    await tile('left').getByText("Read the preflight command's output").waitFor();
    expect(await tile('left').getByRole('definition').allTextContents()).toEqual(['0', '1']);
    await tile('left').getByRole('link', { name: 'Its update' }).click();
    await here.page.locator('[data-state=failed]').waitFor();
  });
});
