import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lossesOf } from './loss.ts';

it('finds whole numbers that lose digits, and where they are', () => {
  const text = '{"a":"12345678901234567890","b":[1,{"c\\"":-12345678901234567890}],"d":9007199254740993.0}';
  expect(lossesOf(text)).toEqual([
    { offset: text.indexOf('-1'), path: ['b', 1, 'c"'], message: expect.stringContaining('-12345678901234567890 has') },
    { offset: text.indexOf('90071'), path: ['d'], message: expect.stringContaining('9007199254740993.0 has') },
  ]);
});

it('leaves alone what comes out as it went in', () => {
  const keeps = (text: string) => {
    expect(lossesOf(text)).toEqual([]);
  };
  fc.assert(fc.property(fc.json(), (json) => keeps(JSON.stringify(JSON.parse(json)))));
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (one) => keeps(JSON.stringify([one]))));
  keeps(`{"a":"${'1\\n'.repeat(300_000)}","b":"${'1'.repeat(1_000_000)}"}`);
  keeps('[9007199254740991,-9007199254740991,0.30000000000000004,1.7976931348623157e+308]');
});
