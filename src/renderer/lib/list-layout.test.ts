import { describe, expect, it } from 'vitest';
import { headOf } from './list-head.ts';
import { guessLayout } from './list-layout.ts';
import { readPasted } from './pasted-list.ts';

describe('the columns of a list', () => {
  it.each([
    [
      'known headings',
      'Device;IP Address;Site;tag:rack\nplc;192.0.2.1;Hall;4\n',
      ['name', 'address', 'location', 'tag:rack'],
      true,
    ],
    [
      'German headings',
      'Bezeichnung\tAdresse\tStandort\tTyp\nplc\th\tx\ty\n',
      ['name', 'address', 'location', 'model'],
      true,
    ],
    [
      'headings nobody knows',
      'name,address,Owner,,name\nplc,h,Ada,,x\n',
      ['name', 'address', 'tag:Owner', '', ''],
      true,
    ],
    ['addresses below a heading nobody knows', 'Name,Netz A\nplc,192.0.2.1\n', ['name', 'address'], true],
    ['a host name beside an address', 'ip,hostname\n192.0.2.1,plc\n', ['address', 'name'], true],
    ['the same, the name first', 'hostname,ip,site\nplc,192.0.2.1,\n', ['name', 'address', 'location'], true],
    ['host names alone', 'name,hostname\nplc,plc.lan\n', ['name', 'address'], true],
    ['no headings', 'x1,192.0.2.1,plc\nx2,192.0.2.2,cam\n', ['name', 'address', ''], false],
  ])('are guessed by %s', (_, text, columns, hasHeadings) => {
    expect(guessLayout(headOf(text, 'list.csv', 8) ?? [])).toEqual({ columns, hasHeadings });
  });

  it('are none in JSON, an ssh config or an inventory', () => {
    for (const [text, name] of [
      ['[]', 'a.json'],
      ['Host a\n', 'config'],
      ['[web]\na\n', 'hosts'],
    ] as const) {
      expect(headOf(text, name, 8)).toBeUndefined();
    }
  });

  it('stand on the lines of a text editor', () => {
    const text = 'sep=;\nname;address\n\n"two\nlines";h\nlast;h\n';
    expect(headOf(text, 'a.csv', 8)?.map(({ line }) => line)).toEqual([2, 4, 6]);
  });
});

describe('what is pasted', () => {
  it('may be a name and an address a line, either first, or an address alone', () => {
    const { rows, layout, content } = readPasted(
      '# bench\ngateway 1 192.0.2.10\n\n[2001:db8::1]:22 cam\nplc.example\n',
    );
    expect(rows).toEqual([
      { line: 2, cells: ['gateway 1', '192.0.2.10'] },
      { line: 4, cells: ['cam', '[2001:db8::1]:22'] },
      { line: 5, cells: ['plc.example', 'plc.example'] },
    ]);
    expect(layout).toEqual({ columns: ['name', 'address'], hasHeadings: false });
    expect(content.split('\n')[3]).toBe('"cam","[2001:db8::1]:22"');
  });

  it('may be cells of a spreadsheet, or JSON', () => {
    expect(readPasted('Name\tIP\nplc\t192.0.2.1\n')).toMatchObject({
      format: 'csv',
      layout: { columns: ['name', 'address'], hasHeadings: true },
    });
    expect(readPasted(' [{"name":"a","address":"h"}]')).toMatchObject({ format: 'json' });
  });
});
