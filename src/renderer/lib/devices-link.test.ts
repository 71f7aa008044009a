import { expect, it } from 'vitest';
import { devicesRunning } from './devices-link.ts';

it.each([
  ['2.6.0', '#/devices?search=fw%3D2.6.0'],
  ['2.6 rc&1', '#/devices?search=fw%3D%222.6%20rc%261%22'],
])('leads to the devices that run %s', (version, link) => expect(devicesRunning(version)).toBe(link));
