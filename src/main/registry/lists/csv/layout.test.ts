import { expect, it } from 'vitest';
import type { CsvLayout } from '../../../../shared/list-columns.ts';
import { devicesOf, faultsOf } from '../test-rows.ts';

const read = (text: string, layout: CsvLayout) => devicesOf(text, 'csv', layout);
const faults = (text: string, layout: CsvLayout) => faultsOf(text, 'csv', layout);

it('takes the columns for what they are said to be, whatever their headings', async () => {
  const list = 'Bezeichnung;Netz;Notiz;Schrank\nplc-1;192.0.2.1;ask Ada;4\n';
  const columns = ['name', 'address', '', 'tag:rack'];
  expect(await read(list, { columns })).toMatchObject([
    { line: 2, name: 'plc-1', address: '192.0.2.1', metadata: { rack: '4' } },
  ]);
});

it('takes the first line for a device where the list has no headings', async () => {
  const list = '\nplc-1,192.0.2.1\nplc-2,192.0.2.2\n';
  const found = await read(list, { columns: ['name', 'address'], hasHeadings: false });
  expect(found).toMatchObject([
    { line: 2, name: 'plc-1', address: '192.0.2.1' },
    { line: 3, name: 'plc-2', address: '192.0.2.2' },
  ]);
});

it('names a faulty field as the list does', async () => {
  const list = 'Bezeichnung,Netz\nplc-1,not there\n';
  expect(await faults(list, { columns: ['name', 'address'] })).toMatchObject([{ line: 2, field: 'Netz' }]);
});

it.each<[string, string, CsvLayout, string]>([
  ['a column that there is not', 'a,b\nx,h\n', { columns: ['name', 'adress'] }, 'is not a column'],
  ['the same column twice', 'a,b\nx,h\n', { columns: ['name', 'device'] }, 'appears twice'],
  ['no address among them', 'a,b\nx,h\n', { columns: ['name', ''] }, 'this column is required'],
  ['a row that is longer', 'x,h,more\n', { columns: ['name', 'address'], hasHeadings: false }, 'has 3 fields'],
  ['no headings and no columns', 'x,h\n', { hasHeadings: false }, 'this column is required'],
])('finds %s', async (_, list, layout, message) => {
  const said = (await faults(list, layout)).map((fault) => fault.message).join('; ');
  expect(said).toContain(message);
});
