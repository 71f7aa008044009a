import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countingSockets,
  has,
  isRoot,
  makeFile,
  type Nginx,
  type Sshd,
  startNginx,
  startSshd,
  temporaryDir,
  timesOpen,
} from '../harness/index.ts';
import { type Device, httpDevice, look, type Seen, sshDevice } from './devices.ts';
import { type Scenario, scenarios } from './scenarios/index.ts';
import {
  type Ending,
  endingsOf,
  type Fault,
  faults,
  type Left,
  leavesOver,
  markdown,
  type Transport,
} from './table.ts';

const tests = join(import.meta.dirname, '..');

/** Of the whole of a row: what hangs fails. */
const longestMs = 60_000;

describe.runIf(has('sshd', 'nginx') && isRoot())('a push meets', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  const sizeBytes = 2 * 1024 * 1024;
  let sshd: Sshd;
  let nginx: Nginx;
  let rows = 0;

  beforeAll(async () => {
    [sshd, nginx] = await Promise.all([startSshd(), startNginx()]);
    makeFile(firmware, sizeBytes);
  });
  afterAll(() => Promise.all([sshd.stop(), nginx.stop()]));

  function nextDevice(transport: Transport): Device {
    rows += 1;
    const name = `row-${rows}`;
    return transport === 'http' ? httpDevice(nginx, name, firmware) : sshDevice(sshd, transport, name, firmware);
  }

  async function meet(transport: Transport, scenario: Scenario, ending: Ending, left: Left): Promise<void> {
    const good = nextDevice(transport);
    const { instead: device = good, ...options } = await scenario(good, { dir, firmware, sizeBytes, sshd });
    const { result, open } = await countingSockets(() => device.push(options));
    expect([result.errorCode ?? 'success', result.message]).toEqual([
      ending,
      ending === 'success' ? null : expect.stringMatching(/\w.*\.$/s),
    ]);
    const { file, activated, beside } = await look(device, firmware);
    expect(seenAs[left]).toContain(file);
    // Over HTTP, activating and what is put beside the file are the device's own matter.
    if (transport !== 'http') {
      expect(activated).toBe(left === 'activated' ? 'the new file' : 'nothing');
      expect(beside.filter((name) => ending === 'success' || !name.endsWith('.part'))).toEqual([]);
    }
    await expect.poll(open).toBe(0);
    await expect.poll(() => timesOpen(firmware)).toBe(0);
  }

  for (const fault of faults.filter((each) => endingsOf(each).length > 0)) {
    describe(fault.name, () => {
      it.each(endingsOf(fault))(
        'over %s, which ends with %s',
        async (transport, ending) => {
          const scenario = (scenarios as Partial<Record<string, Scenario>>)[fault.name];
          const left = leavesOver(fault, transport) ?? expect.fail('no promise');
          await meet(transport, scenario ?? expect.fail('no scenario'), ending, left);
        },
        longestMs,
      );
    });
  }
});

/** What may be at the final path. */
const seenAs: Record<Left, Seen['file'][]> = {
  old: ['the old file'],
  new: ['the new file'],
  activated: ['the new file'],
  nothing: ['nothing'],
  directory: ['a directory'],
  placed: ['the new file'],
  oldOrNew: ['the old file', 'the new file'],
};

describe('the table of faults', () => {
  it('names tests that there are, where others than its own show a fault', () => {
    for (const { shownBy = {} } of faults as readonly Fault[]) {
      for (const [file, title] of Object.values(shownBy))
        expect(readFileSync(join(tests, file), 'utf8')).toContain(title);
    }
  });

  it('is in the docs as it is here: `node scripts/fault-table.ts` writes it', () => {
    expect(readFileSync(join(tests, '../docs/faults.md'), 'utf8')).toBe(markdown());
  });
});
