import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { profile } from '../../shared/model/index.ts';
import { type DataFolder, openDataFolder } from '../data/index.ts';
import { createProfileStore, type ProfileStore } from './index.ts';

let dataDir: string;
let folder: DataFolder;
let profiles: ProfileStore;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-profiles-'));
  folder = openDataFolder(dataDir);
  profiles = createProfileStore(folder.database);
});
afterEach(() => {
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const failsWith = (code: string) => expect.objectContaining({ code });

it('starts with presets, of which "copy" is the default', () => {
  expect(profiles.get(null)).toMatchObject({ name: 'copy', isDefault: true, isPreset: true });
  expect(profiles.list().map(({ name }) => name)).toEqual([
    ...['copy', 'dpkg', 'http', 'mender-standalone', 'openwrt-sysupgrade', 'rauc', 'swupdate-web'],
  ]);
  expect(() => profiles.get('nothing')).toThrowError(failsWith('PROFILE_NOT_FOUND'));
  expect(() => profiles.remove('copy')).toThrowError(failsWith('CONFLICT'));
});

it('lets people shadow a preset and take the shadow away again', () => {
  profiles.set('copy', profile.parse({ remotePath: '/data/fw' }));
  expect(profiles.get(null)).toMatchObject({ isPreset: false, profile: { remotePath: '/data/fw' } });
  profiles.remove('copy');
  expect(profiles.get(null).isPreset).toBe(true);
});

it('keeps a profile that is needed', () => {
  profiles.set('mine', profile.parse({ credential: 'bench' }));
  profiles.setDefault('mine');
  expect(() => profiles.remove('mine')).toThrowError(/default/);
  profiles.setDefault('copy');
  expect([...profiles.credentialsNamed()]).toEqual(['bench']);
});
