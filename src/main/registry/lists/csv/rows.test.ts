import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inPieces } from '../test-rows.ts';
import { type CsvRow, readCsvRows } from './rows.ts';

async function read(text: string, size: number): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of readCsvRows(inPieces(text, size))) rows.push(...batch);
  return rows;
}

it('finds the cells and lines of any records, in any pieces', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', "'") });
  const records = fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 40 }), async (records, size) => {
      let text = 'a,b,c\n';
      let line = 2;
      const expected = [{ line: 1, cells: ['a', 'b', 'c'] }];
      for (const cells of records) {
        const written = `${cells.map((content) => `"${content.replaceAll('"', '""')}"`).join(',')}\n`;
        expected.push({ line, cells });
        text += written;
        line += written.split('\n').length - 1;
      }
      const found = await read(text, size);
      expect(found.filter(({ cells }) => cells.length > 1)).toEqual(expected);
    }),
  );
});
