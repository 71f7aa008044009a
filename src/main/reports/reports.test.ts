import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../test/harness/browser.ts';
import type { DeviceId, Sha256, UpdateId } from '../../shared/model/index.ts';
import { toCsv } from './csv.ts';
import { toPage } from './page.ts';
import type { DeviceReport, UpdateReport } from './update-report.ts';
import { durationText, wordsIn } from './words.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function device(index: number, changes: Partial<DeviceReport> = {}): DeviceReport {
  return {
    ...{ deviceId: `d-${index}` as DeviceId, name: `gw-${index}`, address: `192.0.2.${index}`, state: 'succeeded' },
    ...{ errorCode: null, message: null, hint: null, attempts: 1, method: 'sftp', bytesSent: 8, bytesTotal: 8 },
    ...{ startedAt: at(0), endedAt: at(index % 60), durationMs: 1_000, firmwareVersion: '2.0' },
    steps: [{ at: at(1), state: 'connecting', reason: null }],
    outputs: [],
    ...changes,
  };
}

function reportOf(devices: DeviceReport[], name = 'night'): UpdateReport {
  const sha256 = 'ab'.repeat(32) as Sha256;
  const count = (state: string) => devices.filter((one) => one.state === state).length;
  const [succeeded, failed, skipped] = ['succeeded', 'failed', 'skipped'].map(count) as [number, number, number];
  return {
    madeAt: at(70),
    startedBy: 'ann (terminal)',
    update: {
      ...{ id: 'u' as UpdateId, name, state: 'completed', counts: {}, total: devices.length, reason: null },
      ...{ opensAt: null, phase: 0, phases: 1, createdAt: at(0), endedAt: at(60) },
      ...{ limits: null, rollout: null, windows: [] },
      firmware: [{ sha256, fileName: 'fw.bin', version: '2.0', sizeBytes: 8, signedBy: 'maker (key 01): release' }],
    },
    durationMs: 60_000,
    totals: { devices: devices.length, succeeded, failed, skipped, cancelled: 0, unfinished: 0 },
    bytesSent: 8 * devices.length,
    steps: [{ at: at(0), state: 'running', reason: null, actor: 'ann (terminal)' }],
    devices,
    audit: { entryId: 7, hash: 'cd'.repeat(32) },
  };
}

const attack = `</title></style><script>document.title = 'taken'</script><img src="https://evil.example/" onerror="alert(1)">'&\u0000`;
const hostile = reportOf(
  [
    device(1, {
      ...{ name: attack, address: attack, state: 'failed', firmwareVersion: attack, message: attack, hint: attack },
      steps: [{ at: at(1), state: 'failed', reason: attack }],
      outputs: [{ attempt: 1, step: 'verifying', command: attack, exitCode: 1, output: attack, at: at(1) }],
    }),
  ],
  attack,
);

describe('the page', () => {
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  /** Opened in a browser, with what it asked the network for. */
  async function opened(html: string) {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', ({ url }) => void asked.push(url()));
    await page.setContent(html);
    return { page, asked };
  }

  it('shows what a hostile device said as text, and neither runs nor loads any of it', async () => {
    const { page, asked } = await opened(toPage(hostile, wordsIn('UTC')));
    const shown = attack.replace('\u0000', '\ufffd');
    expect(await page.title()).toBe(`${shown} – update report`);
    expect(await page.locator('h1').textContent()).toBe(shown);
    expect(await page.locator('pre').textContent()).toBe(shown);
    expect(await page.locator('script, img').count()).toBe(0);
    expect(asked).toEqual([]);
    await page.close();
  }, 60_000);

  it.each([1, 1_000])(
    'says the same of %i devices in figures, rows and picture',
    async (count) => {
      const devices = Array.from({ length: count }, (_, index) =>
        device(index, index % 4 === 3 ? { state: 'failed', errorCode: 'NO_SPACE' } : {}),
      );
      const { page } = await opened(toPage(reportOf(devices), wordsIn('UTC')));
      const failed = Math.floor(count / 4);
      const figures = await page.locator('.totals strong').allTextContents();
      expect(figures.map(Number)).toEqual([count, count - failed, failed]);
      expect(await page.locator('td .state.failed').count()).toBe(failed);
      expect(await page.locator('td .state.succeeded').count()).toBe(count - failed);
      // Up to the top, where all devices are: the succeeded alone, or with the failed.
      const [, all, succeeded] = await page
        .locator('svg path')
        .evaluateAll((paths) => paths.map((path) => (path as unknown as SVGPathElement).getBBox().height));
      expect(all).toBeCloseTo(132, 0);
      expect(succeeded).toBeCloseTo((132 * (count - failed)) / count, 0);
      await page.close();
    },
    60_000,
  );

  it('prints the steps that are open, and no others', async () => {
    const { page } = await opened(
      toPage(reportOf(Array.from({ length: 12 }, (_, index) => device(index))), wordsIn('UTC')),
    );
    await page.locator('summary').first().click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('details:visible').count()).toBe(1);
    await page.close();
  }, 60_000);
});

describe('the CSV', () => {
  it('has a row for each device', () => {
    const [head, first, ...more] = toCsv(reportOf([device(1)])).split('\n');
    expect(head).toBe(
      'update_id,update_name,firmware_file,firmware_sha256,device_id,device_name,address,state,error_code,message,attempts,method,bytes_sent,bytes_total,started_at,ended_at,duration_seconds,firmware_version,firmware_signed_by',
    );
    expect(first).toBe(
      `u,night,fw.bin,${'ab'.repeat(32)},d-1,gw-1,192.0.2.1,succeeded,,,1,sftp,8,8,${at(0)},${at(1)},1,2.0,maker (key 01): release`,
    );
    expect(more).toEqual(['']);
  });

  it('defuses what a spreadsheet would run', () => {
    const csv = toCsv(
      reportOf([device(1, { name: '=HYPERLINK("x")', message: '+1\n2', firmwareVersion: '@SUM(A1)' })]),
    );
    expect(csv).toContain(`,"'=HYPERLINK(""x"")",`);
    expect(csv).toContain(`,"'+1\n2",`);
    expect(csv).toContain(`,'@SUM(A1),`);
  });
});

it.each([
  [null, '–'],
  [400, '0.4 s'],
  [9_960, '10 s'],
  [59_600, '1 min 0 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('writes %s ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));

it('writes moments in the zone that is named', () => {
  expect(wordsIn('Asia/Kathmandu').moment('2026-01-01T00:00:00.000Z')).toBe('2026-01-01 05:45:00');
});
