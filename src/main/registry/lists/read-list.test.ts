import { expect, it } from 'vitest';
import { listFormat } from '../../../shared/model/index.ts';
import { readList } from './index.ts';
import { faultsOf } from './test-rows.ts';

it('hands on long lists in batches, as they come', async () => {
  let taken = 0;
  async function* source() {
    yield 'name,address\n';
    for (let from = 0; from < 100; from += 1) {
      taken = from;
      yield Array.from({ length: 700 }, (_, index) => `d${from}-${index},h\n`).join('');
    }
  }
  let count = 0;
  for await (const batch of readList(source(), 'csv')) {
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThanOrEqual(500);
    count += batch.length;
    expect(taken * 700).toBeLessThan(count + 2000);
  }
  expect(count).toBe(70_000);
});

it('cuts text that comes at once into pieces, so that the first rows come at once too', async () => {
  const rows = readList(`name,address\n${'x,h\n'.repeat(500_000)}`, 'csv');
  const start = await rows.next();
  expect(start.value).toHaveLength(500);
  await rows.return(undefined);
});

it.each(listFormat.options)('closes the source of a %s list that is left early or broken', async (format) => {
  let isClosed = false;
  async function* source(text: string) {
    try {
      for (;;) yield text;
    } finally {
      isClosed = true;
    }
  }
  const bad = format === 'csv' ? 'name;colour\n' : format === 'json' ? 'x' : '#'.repeat(1024 * 1024);
  expect(await faultsOf(source(bad), format)).not.toEqual([]);
  expect(isClosed).toBe(true);
  if (format !== 'csv') return;
  isClosed = false;
  for await (const _batch of readList(source('name,address\nx,h\n'), format)) break;
  expect(isClosed).toBe(true);
});

it('passes on what the source throws', async () => {
  async function* source() {
    yield 'name,address\n';
    throw new RangeError('the disk is gone');
  }
  const read = async () => {
    for await (const _batch of readList(source(), 'csv'));
  };
  await expect(read()).rejects.toThrow(RangeError);
});
