import { expect, it } from 'vitest';
import { devicesPlace, devicesRunning } from './devices-link.ts';

it.each([
  ['2.6.0', '#/devices?search=fw%3D2.6.0'],
  ['2.6 rc&1', '#/devices?search=fw%3D%222.6%20rc%261%22'],
])('leads to the devices that run %s', (version, link) => expect(devicesRunning(version)).toBe(link));

it.each([
  [['a/1'], '#/devices/a%2F1'],
  [['gateway-1', 'gateway-2'], '#/devices?search=id%3Agateway-1%20id%3Agateway-2'],
  [Array.from({ length: 100 }, (_, at) => `00000000-0000-4000-8000-0000000000${at}`), '#/devices'],
  [[], '#/devices'],
])('leads to the devices %j, as far as they can be named', (ids, link) => expect(devicesPlace(ids)).toBe(link));
