import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryDir, timesOpen } from '../../../../test/harness/index.ts';
import { blockBytes, changedRanges } from './changed-ranges.ts';

const mib = 1024 * 1024;

describe('what has changed in a file', () => {
  const dir = temporaryDir();
  const [oldPath, newPath] = [join(dir, 'old'), join(dir, 'new')];
  async function rangesOf(before: Buffer, after: Buffer, mostBytes = Number.POSITIVE_INFINITY) {
    writeFileSync(oldPath, before);
    writeFileSync(newPath, after);
    return changedRanges(oldPath, newPath, mostBytes);
  }

  it('makes the new file of the old one, whatever was changed, cut off or added', async () => {
    const change = fc.record({ at: fc.nat(3 * mib), bytes: fc.integer({ min: 1, max: 100_000 }), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.nat(3 * mib), fc.nat(3 * mib), fc.array(change), async (oldSize, newSize, changes) => {
        const before = Buffer.alloc(oldSize, 'firmware');
        const after = Buffer.alloc(newSize, 'firmware');
        for (const { at, bytes, value } of changes)
          after.fill(value, Math.min(at, newSize), Math.min(at + bytes, newSize));
        const ranges = (await rangesOf(before, after)) ?? expect.fail('no ranges');
        const made = Buffer.alloc(newSize);
        before.copy(made);
        for (const { from, to } of ranges) after.copy(made, from, from, to);
        expect(made.equals(after)).toBe(true);
        for (const [index, { from, to }] of ranges.entries()) {
          expect(from).toBeLessThan(to);
          expect(from).toBeGreaterThan(ranges[index - 1]?.to ?? -1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is found to a block, and close ones are one', async () => {
    const before = Buffer.alloc(2 * mib);
    const after = Buffer.from(before);
    for (const at of [5, mib - 1, mib, mib + 3 * blockBytes]) after[at] = 1;
    expect(await rangesOf(before, after)).toEqual([
      { from: 0, to: blockBytes },
      { from: mib - blockBytes, to: mib + 4 * blockBytes },
    ]);
    expect(await rangesOf(before, before)).toEqual([]);
  });

  it('is not looked for further when it is more than was asked for', async () => {
    expect(await rangesOf(Buffer.alloc(mib), Buffer.alloc(mib, 1), mib - 1)).toBeUndefined();
    expect(await rangesOf(Buffer.alloc(mib), Buffer.alloc(mib, 1), mib)).toEqual([{ from: 0, to: mib }]);
  });

  it('leaves no file open when the other is gone', async () => {
    writeFileSync(newPath, 'new');
    await expect(changedRanges(join(dir, 'gone'), newPath, mib)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(changedRanges(newPath, join(dir, 'gone'), mib)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(timesOpen(newPath)).toBe(0);
  });
});
