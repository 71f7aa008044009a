import { describe, expect, it } from 'vitest';
import { fileName, firmwareInfo } from './firmware.ts';

describe('the name of a firmware file', () => {
  it.each(['fw.bin', '.fw', 'über (1).bin', 'a'.repeat(237), `a${'é'.repeat(118)}`])('may be %j', (name) => {
    expect(fileName.safeParse(name).success).toBe(true);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'a\x7f'])('may not be %j', (name) => {
    expect(fileName.safeParse(name).success).toBe(false);
  });

  it.each(['a'.repeat(238), 'é'.repeat(119), '語'.repeat(80)])(
    'leaves a device room for ".<12 hex>.part": %s',
    (name) => {
      expect(fileName.safeParse(name).error?.issues[0]?.message).toMatch(/over 237 bytes.*rename the file/);
    },
  );
});

it('says in words what is wrong with a model', () => {
  const read = firmwareInfo.safeParse({ fileName: 'fw.bin', models: [' '] });
  expect(read.error?.issues[0]?.message).toBe('model is empty; leave it out instead');
});
