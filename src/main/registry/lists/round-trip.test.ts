import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Device, device as deviceSchema } from '../../../shared/model/index.ts';
import { readList, writeCsv, writeJson } from './index.ts';
import { inPieces, rowsOf } from './test-rows.ts';

const nasty = fc.constantFrom(
  '=',
  '+',
  '-',
  '@',
  "'",
  '"',
  ',',
  ';',
  ' ',
  '\t',
  '\r',
  '\n',
  '\\',
  '😀',
  'é',
  '\u2028',
  '\0',
  '{',
  'a',
  '0',
);
const text = fc.oneof(fc.string({ unit: nasty, maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 12 }));
const optional = fc.option(text);
const address = fc.oneof(
  fc.constantFrom('192.0.2.1', '192.0.2.1:22', 'gw.example:2222', '::1', '[2001:db8::1]:22', 'gw', '-'),
  fc.domain(),
);
const time = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
/** Everything the model takes for a device. */
const device: fc.Arbitrary<Device> = fc
  .record({
    id: fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/),
    name: text,
    address,
    status: fc.constantFrom('online', 'offline', 'unknown'),
    lastSeen: fc.option(time),
    firmwareVersion: optional,
    location: optional,
    model: optional,
    profile: optional,
    metadata: fc.dictionary(text, fc.oneof(text, fc.jsonValue({ maxDepth: 4 })), { maxKeys: 4 }),
    createdAt: time,
    updatedAt: time,
  })
  .map((values) => deviceSchema.safeParse(JSON.parse(JSON.stringify(values))))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data as Device);
const devices = fc.uniqueArray(device, { maxLength: 5, selector: ({ id }) => id });

async function* batchesOf(all: Device[]) {
  yield all.slice(0, 2);
  yield [];
  yield all.slice(2);
}
async function join(pieces: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  return whole;
}
const asGiven = ({ createdAt: _created, updatedAt: _updated, ...rest }: Device) => rest;

it.each([
  ['csv', writeCsv],
  ['json', writeJson],
] as const)('an export in %s read back is what it was', async (format, write) => {
  await fc.assert(
    fc.asyncProperty(devices, fc.integer({ min: 1, max: 300 }), async (all, size) => {
      const written = await join(write(batchesOf(all)));
      const rows = await rowsOf(inPieces(Buffer.from(written), size), format);
      expect(rows.map((row) => ('device' in row ? row.device : row))).toEqual(all.map(asGiven));
    }),
    { numRuns: 300 },
  );
});

it('a spreadsheet that keeps CRLF does not change it', async () => {
  await fc.assert(
    fc.asyncProperty(devices, async (all) => {
      const written = `\uFEFF${(await join(writeCsv(batchesOf(all)))).replaceAll('\n', '\r\n')}`;
      const rows = await rowsOf(written, 'csv');
      expect(rows.map((row) => ('device' in row ? row.device : row))).toEqual(all.map(asGiven));
    }),
  );
});

const one: Device = deviceSchema.parse({
  id: 'gw-1',
  name: '=HYPERLINK("x")',
  address: '192.0.2.1:22',
  status: 'online',
  lastSeen: null,
  firmwareVersion: '+1',
  location: 'hall, left',
  model: null,
  metadata: { rack: '4' },
  profile: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
});

it('writes CSV with the columns of the manual and formulas defused', async () => {
  expect(await join(writeCsv(batchesOf([one])))).toBe(
    'id,name,address,status,last_seen,firmware_version,location,model,profile,metadata\n' +
      'gw-1,"\'=HYPERLINK(""x"")",192.0.2.1:22,online,,\'+1,"hall, left",,,"{""rack"":""4""}"\n',
  );
  expect(await join(writeCsv(batchesOf([])))).toBe(
    'id,name,address,status,last_seen,firmware_version,location,model,profile,metadata\n',
  );
});

it('writes JSON with a device a line', async () => {
  const written = await join(writeJson(batchesOf([one, one, one])));
  expect(JSON.parse(written)).toEqual({ devices: [one, one, one] });
  expect(written.split('\n')).toHaveLength(6);
  expect(JSON.parse(await join(writeJson(batchesOf([]))))).toEqual({ devices: [] });
});

it('reads back what it wrote as it is written', async () => {
  const rows = [];
  for await (const batch of readList(writeJson(batchesOf([one])), 'json')) rows.push(...batch);
  expect(rows).toEqual([{ line: 2, device: asGiven(one), given: expect.not.objectContaining({ id: 'gw-1' }) }]);
});
