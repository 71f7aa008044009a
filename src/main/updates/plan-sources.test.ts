import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import { openDataFolder } from '../data/index.ts';
import { createProfileStore } from '../profiles/index.ts';
import { endpointOf } from './index.ts';

const folder = openDataFolder(join(temporaryDir(), 'data'));
afterAll(() => folder.close());
const profiles = createProfileStore(folder.database);
const device = { name: 'gw', address: '192.0.2.10:2222', profile: null };

it("knows a device's host key by its alias, without a port, where it has one", () => {
  expect(endpointOf({ ...device, metadata: {} }, profiles).knownAs).toBeUndefined();
  const metadata = { hostKeyAlias: 'serial:SN-1' };
  expect(endpointOf({ ...device, metadata }, profiles).knownAs).toEqual({ host: 'serial:SN-1', port: 22 });
  expect(endpointOf({ ...device, metadata }, profiles, 'http').knownAs).toBeUndefined();
});

it.each(['*', 'a,b', '!a', '|1|a|b', 'a b', '', 7])('refuses the alias %j', (hostKeyAlias) => {
  expect(() => endpointOf({ ...device, metadata: { hostKeyAlias } }, profiles)).toThrowError(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('hostKeyAlias') }),
  );
});
