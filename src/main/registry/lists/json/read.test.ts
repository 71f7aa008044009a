import { expect, it } from 'vitest';
import { devicesOf, faultsOf, inPieces, rowsOf } from '../test-rows.ts';

const a = '{"id":"a","name":"A","address":"192.0.2.1","metadata":{"rack":"4","devices":[1]}}';
const b = '{"name":"B","address":"b.example:22","status":"online","lastSeen":"2026-03-29T03:00:00+02:00"}';
const expected = [
  expect.objectContaining({ id: 'a', name: 'A', metadata: { rack: '4', devices: [1] } }),
  expect.objectContaining({ name: 'B', status: 'online', lastSeen: '2026-03-29T01:00:00.000Z' }),
];

it.each([
  ['an array', `[${a},${b}]`],
  ['an array over lines, with a byte-order mark', `\uFEFF\r\n[\r\n  ${a} ,\r\n  ${b}\r\n]\r\n`],
  ['what the export writes', `{"devices":[\n${a},\n${b}\n]}\n`],
  ['what `devices list --json` prints', `{"devices":[${a},${b}],"total":2,"nextCursor":null}`],
  ['that in another order', `{"total": 2, "nextCursor" : "x" , "devices" : [${a},${b}] , "more": {"a":[1]} }`],
  ['a device a line', `${a}\n${b}\n`],
  ['a device a line, without a line end', `${a}\r\n\r\n${b}`],
])('takes %s, in pieces of any size', async (_what, text) => {
  expect(await devicesOf(text, 'json')).toEqual(expected);
  for (const size of [1, 2, 7, 50]) expect(await devicesOf(inPieces(text, size), 'json')).toEqual(expected);
});

it.each([['[]'], ['{"devices":[]}'], ['{"devices": [ ], "total":0}']])('takes %s, which is no device', async (text) => {
  expect(await rowsOf(text, 'json')).toEqual([]);
});

it('takes a single device as `devices get` prints it, whatever it says of its own making', async () => {
  const text = `{
    "name": "A",
    "address": "h",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "updatedAt": "2026-01-01T00:00:00.000Z"
  }`;
  expect(await devicesOf(text, 'json')).toEqual([expect.objectContaining({ name: 'A', address: 'h' })]);
});

it('takes snake case as well', async () => {
  const text = '[{"name":"A","address":"h","firmware_version":"1.0","last_seen":null,"created_at":1}]';
  expect(await rowsOf(text, 'json')).toEqual([
    {
      line: 1,
      device: expect.objectContaining({ firmwareVersion: '1.0', lastSeen: null }),
      given: { name: 'A', address: 'h', firmwareVersion: '1.0', lastSeen: null },
    },
  ]);
});

it('gives what is null, so that an update empties it', async () => {
  const [row] = await rowsOf('[{"name":"A","address":"h","location":null}]', 'json');
  expect(row).toMatchObject({ given: { name: 'A', address: 'h', location: null } });
});

it('lists everything that is wrong, each at its own line', async () => {
  const text = `[
  {"name": "ok", "address": "h"},
  {
    "name": "",
    "address": "192.0.2.300",
    "colour": "red",
    "last_seen": "yesterday"
  },
  7,
  {"address": "h", "firmwareVersion": 1.10, "status": "asleep", "metadata": [1]},
  {"name": "x", "address": "h", "lastSeen": null, "last_seen": null}
]`;
  expect(await faultsOf(text, 'json')).toEqual([
    { line: 6, field: 'colour', message: expect.stringContaining('known are id, name, address') },
    { line: 4, field: 'name', message: expect.stringContaining('empty') },
    { line: 5, field: 'address', message: expect.stringContaining('192.0.2.300') },
    { line: 7, field: 'last_seen', message: expect.stringContaining('ISO 8601') },
    { line: 9, message: expect.stringContaining('not a device') },
    { line: 10, field: 'name', message: expect.stringContaining('missing') },
    { line: 10, field: 'status', message: expect.stringContaining('online') },
    { line: 10, field: 'firmwareVersion', message: expect.stringContaining('quotes') },
    { line: 10, field: 'metadata', message: expect.stringContaining('JSON object') },
    { line: 11, field: 'last_seen', message: expect.stringContaining('twice') },
  ]);
});

it.each([
  ['', 1, 'empty'],
  [' \n ', 1, 'empty'],
  ['name,address', 1, 'not JSON'],
  ['[', 1, 'not JSON'],
  [`[\n${a}\n${b}]`, 3, 'comma'],
  [`[\n${a},\n]`, 3, 'not JSON'],
  [`[\n${a},\n${b}\n`, 4, 'comma'],
  [`[\n${a},\n{"name": "B" "address":"h"}\n]`, 3, 'not JSON: comma expected'],
  [`[\n${a},\n{"name":\n "B, "address":"h"},\n${a}]`, 4, 'not JSON'],
  [`[\n${a},\n{"name": "B",\n "address": h}]`, 4, 'not JSON'],
  [`[\n${a}\n]\n${b}`, 4, 'after the end'],
  [`{"devices":[\n${a}]`, 2, 'closing "}"'],
  [`{"devices":[\n${a}], "total" 1}`, 2, 'not JSON'],
  [`${a}\n${b}\n{"name"`, 3, 'not JSON'],
  [`${a},\n${b}`, 1, 'not JSON'],
  [`[\n// no comments\n${a}]`, 2, 'not JSON'],
])('says where %j stops being JSON', async (text, line, problem) => {
  expect((await faultsOf(text, 'json')).at(-1)).toEqual({ line, message: expect.stringContaining(problem) });
});

it('gives up on a bracket that stays open, without keeping all that follows', async () => {
  let taken = 0;
  async function* endless() {
    yield `[\n${a},\n{"name":"B",\n`;
    for (;;) {
      taken += 1;
      yield `${a},\n`.repeat(1000);
    }
  }
  const rows = await rowsOf(endless(), 'json');
  expect(rows).toEqual([
    expect.objectContaining({ line: 2 }),
    { line: 3, faults: [{ line: 3, message: expect.stringContaining('1 MiB') }] },
  ]);
  expect(taken).toBeLessThan(100);
});

it('refuses metadata that would not be what the list says, at its line', async () => {
  const text = `[
  {"name": "a", "address": "h", "metadata": {
    "sn": 12345678901234567890,
    "list": [1, 98765432109876543210]
  }},
  {"name": "b", "address": "h",
   "metadata": {"__proto__": {"rack": 1}}},
  {"name": "c", "address": "h", "metadata": {"sn": "12345678901234567890", "n": 1234567890123456}},
  {"name": "d", "address": "h", "__proto__": 1}
]`;
  expect(await faultsOf(text, 'json')).toEqual([
    { line: 3, field: 'metadata.sn', message: expect.stringContaining('as text in quotes') },
    { line: 4, field: 'metadata.list.1', message: expect.stringContaining('98765432109876543210') },
    { line: 7, field: 'metadata', message: expect.stringContaining('__proto__') },
    { line: 9, field: '__proto__', message: expect.stringContaining('not a field') },
  ]);
});

it.each([
  ['a list', (device: string) => `[\n${a},\n${device}\n]`],
  ['a device a line', (device: string) => `${a}\n\n${device}\n`],
  ['the export', (device: string) => `{"devices":[\n${a},\n${device}\n]}\n`],
])('names the line in %s where metadata is nested too deep', async (_what, listOf) => {
  const nested = (depth: number) =>
    `{"name":"B","address":"h","metadata":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  expect(await faultsOf(listOf(nested(50)), 'json')).toEqual([
    { line: 3, field: 'metadata', message: expect.stringContaining('nested deeper') },
  ]);
  for (const text of [nested(30_000), nested(30_000).replace(']', ' '), `{"x":${nested(200_000)}}`]) {
    expect(await faultsOf(listOf(text), 'json')).toEqual([
      { line: 3, message: expect.stringContaining('nested deeper') },
    ]);
  }
});
