import fc from 'fast-check';
import type { DeviceFilter, DeviceSort, NewDevice } from '../../src/shared/model/index.ts';
import { deviceSortField, newDevice } from '../../src/shared/model/index.ts';

// Few values, so that filters meet devices and devices meet each other.
const names = [
  'alpha',
  'Alpha',
  'beta-2',
  'beta-10',
  'Gerät Ä',
  'gamma_1',
  '100%',
  "o'hara",
  '東京-1',
  'ﬁ',
  'straße',
  'x',
];
const locations = ['Hall 1', 'Hall 10', 'Hall 2', 'Zürich', 'zurich', '"roof"'];
const models = ['R1', 'CAM-7', 'PLC S7'];
const versions = ['1.2.0', '1.2', 'v2', '1.10', '2.0.0-rc1', '2.0.0', 'R12B', '2024.09.1', 'FW_3.4_beta2', '1.9'];
const moments = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00.001Z'];
const addresses = ['192.0.2.1', '192.0.2.10:2222', 'plc.example', '[2001:db8::1]:22', '10.0.0.9'];
const tagKeys = ['rack', 'slot', 'on', 'constructor', 'clé'];
const tagValues = ['4', '40', 'true', '', 'a b', "it's", '%_\\'];

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null });

export const anyDevice: fc.Arbitrary<NewDevice> = fc
  .record({
    name: fc.constantFrom(...names),
    address: fc.constantFrom(...addresses),
    status: fc.constantFrom('online', 'offline', 'unknown'),
    lastSeen: maybe(moments),
    firmwareVersion: maybe(versions),
    location: maybe(locations),
    model: maybe(models),
    profile: maybe(['copy', 'rauc']),
    metadata: fc.dictionary(
      fc.constantFrom(...tagKeys),
      fc.oneof(fc.constantFrom(...tagValues), fc.constantFrom(4, 4.5, true, null, ['4'], { rack: '4' })),
      { maxKeys: 3 },
    ),
  })
  .map((given) => newDevice.parse(given));

/** Devices with ids of their own, d0, d1, … */
export const anyDevices = fc
  .array(anyDevice, { maxLength: 30 })
  .map((devices) => devices.map((device, index) => newDevice.parse({ ...device, id: `d${index}` })));

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
const anySearch = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'al',
        'ALPHA',
        'hall 1',
        '192.0',
        '%',
        '_1',
        "'",
        '"',
        '\\',
        'zürich',
        'rack=4',
        '京',
        'ss',
        'nothing here',
      ),
      fc.string({ maxLength: 3, unit: 'grapheme' }),
    ),
    { maxLength: 2 },
  )
  .map((words) => words.join(' '));

export const anyFilter: fc.Arbitrary<DeviceFilter> = fc.record(
  {
    ids: some(['d0', 'd1', 'd2', 'd5', 'd9', 'nobody']) as fc.Arbitrary<NonNullable<DeviceFilter['ids']>>,
    exceptIds: some(['d0', 'd1', 'd3', 'd9', 'nobody']) as fc.Arbitrary<NonNullable<DeviceFilter['exceptIds']>>,
    status: some(['online', 'offline', 'unknown'] as const),
    location: some([...locations, '', null]),
    model: some([...models, null]),
    profile: some(['copy', 'none such', null]),
    firmwareVersion: some([...versions, 'none such', '', null]),
    firmwareMin: fc.constantFrom(...versions, ''),
    firmwareMax: fc.constantFrom(...versions, ''),
    firmwareAbove: fc.constantFrom(...versions, ''),
    firmwareBelow: fc.constantFrom(...versions, ''),
    tags: fc.dictionary(fc.constantFrom(...tagKeys), fc.constantFrom(...tagValues, '4.5'), { maxKeys: 2 }),
    seenAfter: fc.constantFrom(...moments),
    seenBefore: fc.constantFrom(...moments),
    search: anySearch,
  },
  { requiredKeys: [] },
);

export const anySort: fc.Arbitrary<DeviceSort> = fc.record({
  field: fc.constantFrom(...deviceSortField.options),
  descending: fc.boolean(),
});
