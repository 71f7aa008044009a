import { expect, it } from 'vitest';
import { devicesOf, faultsOf, inPieces, rowsOf } from '../test-rows.ts';

const read = (text: string | Uint8Array) => devicesOf(text, 'csv');
const faults = (text: string | Uint8Array) => faultsOf(text, 'csv');

it('takes every column, tags, a byte-order mark and Windows line ends', async () => {
  const list =
    '\uFEFFid,name,address,status,last_seen,firmware_version,location,model,profile,metadata,tag:rack\r\n' +
    'gw-1,Gateway,192.0.2.1:22,online,2026-03-29T03:00:00+02:00,1.0,hall,G7,copy,"{""slot"":2}",4\r\n';
  const device = {
    id: 'gw-1',
    name: 'Gateway',
    address: '192.0.2.1:22',
    status: 'online',
    lastSeen: '2026-03-29T01:00:00.000Z',
    firmwareVersion: '1.0',
    location: 'hall',
    model: 'G7',
    profile: 'copy',
    metadata: { slot: 2, rack: '4' },
  };
  const { id: _, ...given } = device;
  expect(await rowsOf(list, 'csv')).toEqual([{ line: 2, device, given }]);
});

it('gives of a device only what the list mentions', async () => {
  expect(await rowsOf('name,address,location,tag:rack\nx,h,,\n', 'csv')).toEqual([
    {
      line: 2,
      given: { name: 'x', address: 'h' },
      device: {
        name: 'x',
        address: 'h',
        status: 'unknown',
        lastSeen: null,
        firmwareVersion: null,
        location: null,
        model: null,
        profile: null,
        metadata: {},
      },
    },
  ]);
});

it.each([
  ['semicolons', 'name;address;location\nx;h;a,b\n'],
  ['tabs', 'name\taddress\tlocation\nx\th\ta,b\n'],
  ['commas', 'name,address,location\nx,h,"a,b"\n'],
  ['a delimiter named first', 'sep=;\nname;address;location\nx;h;a,b\n'],
  ['a delimiter named first in quotes', '"sep=;"\r\nname;address;location\r\nx;h;a,b\r\n'],
  ['a delimiter named first, which is a comma', 'sep=,\r\nname,address,location\r\nx,h,"a,b"\r\n'],
  ['a delimiter that is rarer in a quoted heading', '"name";"address";location\nx;h;a,b\n'],
  ['old Mac line ends', 'name,address,location\rx,h,"a,b"\r'],
  ['no line end at the end', 'name,address,location\nx,h,"a,b"'],
  ['empty lines', '\n\nname,address,location\n\nx,h,"a,b"\n\n,,\n   \n'],
  ['empty columns at the end', 'name;address;location;;\nx;h;a,b;;;;\n'],
  ['space around cells', ' name , address,location \n x , h ,  "a,b"  \n'.replace('  "', '"')],
  ['headings in any spelling', 'NAME,IP Address,Site\nx,h,"a,b"\n'],
  ['zeros kept by Excel', 'name,address,location\n"=""x""",="h","=""a,b"""\n'],
])('takes %s', async (_what, text) => {
  expect(await read(text)).toMatchObject([{ name: 'x', address: 'h', location: 'a,b' }]);
});

it.each([
  ['deviceId', 'id'],
  ['Device', 'name'],
  ['device-name', 'name'],
  ['IP', 'address'],
  ['IP address', 'address'],
  ['Host', 'address'],
  ['HOSTNAME', 'address'],
  ['State', 'status'],
  ['Last seen', 'lastSeen'],
  ['Firmware', 'firmwareVersion'],
  ['Version', 'firmwareVersion'],
  ['FIRMWARE VERSION', 'firmwareVersion'],
  ['Site', 'location'],
  ['device model', 'model'],
])('takes the heading %j for %s', async (heading, field) => {
  const value = field === 'status' ? 'online' : field === 'lastSeen' ? '2026-03-29T01:00:00.000Z' : 'v';
  const others = ['name', 'address'].filter((name) => name !== field);
  const text = `${[heading, ...others].join(',')}\n${[value, ...others].join(',')}\n`;
  expect(await read(text)).toMatchObject([{ [field]: value }]);
});

it('takes a row whose empty cells at the end are left out', async () => {
  expect(await read('name,address,location,model\nx,h\ny,h,hall\n')).toMatchObject([
    { name: 'x', location: null },
    { name: 'y', location: 'hall', model: null },
  ]);
});

it('takes tags in any language, the last word over the metadata', async () => {
  const text = 'name,address,metadata,tag:rack,TAG: Prüfer \nx,h,"{""rack"":1,""a"":{""b"":[2]}}",4,Jürgen\n';
  expect(await read(text)).toMatchObject([{ metadata: { rack: '4', Prüfer: 'Jürgen', a: { b: [2] } } }]);
});

it('takes line breaks inside quotes', async () => {
  expect(await read('name,address,tag:note\r\nx,h,"two\r\nlines"\r\ny,h,\r\n')).toMatchObject([
    { line: 2, metadata: { note: 'two\nlines' } },
    { line: 4, name: 'y' },
  ]);
});

it('lists every bad row with line, field and fix', async () => {
  expect(await faults('name,address,status\nok,192.0.2.1,\n,192.0.2.2,\nbad,192.0.2.300,asleep\n')).toEqual([
    { line: 3, field: 'name', message: expect.stringContaining('name is empty') },
    { line: 4, field: 'address', message: expect.stringContaining('192.0.2.300') },
    { line: 4, field: 'status', message: expect.stringContaining('online, offline or unknown') },
  ]);
});

it('names a field as the list does', async () => {
  expect(await faults('Device;IP address;Last seen\nx;a b;29.03.2026 03:00\n')).toEqual([
    { line: 2, field: 'IP address', message: expect.any(String) },
    { line: 2, field: 'Last seen', message: expect.stringContaining('ISO 8601') },
  ]);
});

it('gives the right line after a record of several lines', async () => {
  expect(await faults('name,address\n"a\nb",192.0.2.1\nc,\n')).toEqual([
    { line: 2, field: 'name', message: expect.stringContaining('line break') },
    { line: 4, field: 'address', message: expect.stringContaining('empty') },
  ]);
});

it.each([
  ['', 1, 'empty'],
  ['\n\n', 1, 'empty'],
  ['name\nx\n', 1, 'required'],
  ['name,address,colour\nx,y,red\n', 1, 'is not a column; known are id, name, address'],
  ['name,address,tag:\nx,y,red\n', 1, 'is not a column'],
  ['name,address,tag:__proto__\nx,y,red\n', 1, 'is not a column'],
  ['name,name,address\nx,x,y\n', 1, 'twice'],
  ['name,IP,address\nx,x,y\n', 1, 'twice'],
  ['name,address,tag:a,tag:a\nx,y,1,2\n', 1, 'twice'],
  ['\n\nname,address,colour\nx,y,red\n', 3, 'is not a column'],
  ['sep=;\nname;colour\nx;red\n', 2, 'is not a column'],
  ['name,address\nx,y,z\n', 2, '3 fields'],
  ['name,address,\nx,y,z\n', 2, '3 fields'],
  ['name,address,model\nx,192.0.2.1', 2, 'cut off'],
  ['name,address\n"x,y\n', 2, 'quote'],
  ['name,address\na,b\n"c\nd",e\nx,"y\nz\n', 5, 'quote'],
  ['name,address\n"x"y,z\n', 2, 'quote'],
  ['name,address,metadata\nx,y,{rack}\n', 2, 'not JSON'],
  ['name,address,metadata,tag:a\nx,y,"[1]",b\n', 2, 'must be a JSON object'],
  ['name,address,metadata\nx,y,"{""a"":""\\u0000""}"\n', 2, 'NUL'],
])('says what is wrong with %j', async (text, line, problem) => {
  const found = await faults(text);
  expect(found.at(-1)?.line).toBe(line);
  expect(JSON.stringify(found)).toContain(problem);
});

it('says everything about a row whose cells do not fit and are wrong too', async () => {
  expect(await faults('name,address,metadata\n,y,{,z\n')).toEqual([
    { line: 2, message: expect.stringContaining('4 fields') },
    { line: 2, field: 'metadata', message: expect.stringContaining('JSON') },
    { line: 2, field: 'name', message: expect.stringContaining('empty') },
  ]);
});

it('reports the rows before the one that ends the reading', async () => {
  const rows = await rowsOf('name,address\na,h\n,h\n"b,h\nc,h\n', 'csv');
  expect(rows.map((row) => [row.line, 'faults' in row])).toEqual([
    [2, false],
    [3, true],
    [4, true],
  ]);
});

it('gives up on a quote that stays open, without keeping all that follows', async () => {
  let taken = 0;
  async function* endless() {
    yield 'name,address\n"x,y\n';
    for (;;) {
      taken += 1;
      yield `${'a,b\n'.repeat(10_000)}`;
    }
  }
  expect(await faultsOf(endless(), 'csv')).toEqual([{ line: 2, message: expect.stringContaining('quote') }]);
  expect(taken).toBeLessThan(100);
});

it('reads the same whatever pieces the text comes in', async () => {
  const text = '\uFEFFsep=;\r\nname;address;tag:n\r\n"x ""1""";h;"a\r\n;b"\r\n\r\nÿ😀;h;c\r\nz;;d';
  const whole = await rowsOf(text, 'csv');
  expect(whole.map(({ line }) => line)).toEqual([3, 6, 7]);
  for (let size = 1; size < 12; size += 1) {
    expect(await rowsOf(inPieces(text, size), 'csv')).toEqual(whole);
    expect(await rowsOf(inPieces(Buffer.from(text), size), 'csv')).toEqual(whole);
  }
});

it('refuses metadata that would not be what the list says', async () => {
  const cell = (json: string) => `"${json.replaceAll('"', '""')}"`;
  const deep = (depth: number) => cell(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  const rows = [
    cell('{"sn":12345678901234567890,"ok":"12345678901234567890"}'),
    cell('{"a":{"__proto__":1}}'),
    deep(50),
    deep(30_000),
    cell('{"sn":"12345678901234567890"}'),
  ];
  const list = `name,address,Metadata,tag:x\n${rows.map((row, index) => `d${index},h,${row},1`).join('\n')}\n`;
  expect(await faults(list)).toEqual([
    { line: 2, field: 'Metadata.sn', message: expect.stringContaining('as text in quotes') },
    { line: 3, field: 'Metadata', message: expect.stringContaining('__proto__') },
    { line: 4, field: 'Metadata', message: expect.stringContaining('nested deeper') },
    { line: 5, field: 'Metadata', message: expect.stringContaining('nested deeper') },
  ]);
});
