import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newDevice } from '../../../shared/model/index.ts';
import type { DeviceValues } from './device-values.ts';
import { isPlainJson, vouch } from './vouch.ts';

/** Of each rule, what is plain, what is barely right, and what is wrong. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.stringMatching(/^[A-Za-z0-9 ._:-]{0,12}$/),
  fc.constantFrom(
    '',
    ' ',
    'a'.repeat(200),
    'a'.repeat(201),
    '\u00a0x',
    'x\u0085',
    'x\u200b',
    '\ud800',
    'Zoë',
    'e\u0301',
    '.',
    '..',
    '\u0301',
  ),
);
const label = fc.stringMatching(/^[A-Za-z0-9_-]{0,64}$/);
const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: -1, max: 70_000 }).map((value) => `:${value}`),
  fc.constantFrom(':', ':022', ':1e3'),
);
const address = fc.oneof(
  fc
    .tuple(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 3, maxLength: 5 }), port)
    .map(([parts, end]) => parts.join('.') + end),
  fc.tuple(fc.array(label, { maxLength: 6 }), port).map(([parts, end]) => parts.join('.') + end),
  fc.tuple(fc.ipV6(), port).map(([host, end]) => (end ? `[${host}]${end}` : host)),
  anyText,
);
const two = fc.integer({ min: 0, max: 62 }).map((value) => String(value).padStart(2, '0'));
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .tuple(
      fc.integer({ min: 1890, max: 2110 }),
      two,
      two,
      two,
      two,
      two,
      fc.constantFrom('', '.000', '.12', '.1234'),
      fc.constantFrom('Z', '', '+02:00', '+25:00'),
    )
    .map(
      ([year, month, day, hour, minute, second, rest, zone]) =>
        `${year}-${month}-${day}T${hour}:${minute}:${second}${rest}${zone}`,
    ),
  anyText,
);
const json = fc
  .oneof(
    fc.dictionary(
      fc.oneof(anyText, fc.constant('__proto__')),
      fc.oneof(anyText, fc.boolean(), fc.double(), fc.integer()),
      { maxKeys: 3 },
    ),
    fc.jsonValue({ maxDepth: 10 }),
  )
  .map((value) => JSON.stringify(value));
/** Mostly plain, so that what is odd stands alone. */
const mostly = <Value>(plain: Value[], odd: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...plain) }, { weight: 1, arbitrary: odd });
const text = mostly(['G7', '1.0.2', 'Hall 7 (links)', 'Zoë', '東京'], fc.oneof(anyText, fc.constantFrom(null, 1)));
const given = fc.record(
  {
    id: mostly(['gw-1'], anyText),
    name: text,
    address: mostly(['192.0.2.1', 'gw.example:22'], address),
    status: mostly(['online', 'offline', 'unknown'], fc.constantFrom('Online', '', null)),
    lastSeen: mostly(['2026-03-29T01:00:00Z', '2026-12-31T23:59:59.999Z'], fc.oneof(time, fc.constant(null))),
    firmwareVersion: text,
    location: text,
    model: text,
    profile: text,
    metadataText: mostly(
      ['{}', '{"rack":"4","slot":2,"spare":false}'],
      fc.oneof(json, fc.constantFrom('{"a":1e999}', '{"a":-0}', '{"__proto__":{"b":1}}', '{"a":null}')),
    ) as fc.Arbitrary<string>,
  },
  { requiredKeys: ['name', 'address'] },
);

it('vouches for a device only if the schema makes the same of it', () => {
  let vouched = 0;
  const runs = 20_000;
  fc.assert(
    fc.property(given, ({ metadataText, ...fields }) => {
      const values: DeviceValues = { ...fields };
      if (metadataText !== undefined) values.metadata = JSON.parse(metadataText);
      const device = vouch(values, metadataText === undefined || isPlainJson(metadataText));
      if (!device) return;
      vouched += 1;
      expect(newDevice.parse(values)).toEqual(device);
    }),
    { numRuns: runs },
  );
  expect(vouched).toBeGreaterThan(runs / 4);
  expect(vouched).toBeLessThan(runs);
});

it.each<[string, DeviceValues]>([
  ['a name and an address', { name: 'Gateway 1', address: '10.0.255.1' }],
  ['a host name and a port', { name: 'x', address: 'gw-1.bench.example:2222' }],
  [
    'everything',
    {
      id: 'gw-1',
      name: 'Prüfstand 7 (links)',
      address: '192.0.2.1:22',
      status: 'online',
      lastSeen: '2026-01-31T01:00:00Z',
      firmwareVersion: 'v1.2.3-rc.1+b5',
      location: '2. OG',
      model: 'G7/α',
      profile: 'copy',
      metadata: { rack: '4', slot: 2, spare: false },
    },
  ],
])('vouches for %s', (_what, values) => {
  expect(vouch(values, true)).toEqual(newDevice.parse(values));
});
