import { describe, expect, it } from 'vitest';
import type { Credential, NamedProfile, Profile } from '../../shared/model/index.ts';
import { loginsOf, userOf } from './logins.ts';

function profile(name: string, given: Partial<Profile> = {}, isDefault = false): NamedProfile {
  return { name, isDefault, isPreset: false, profile: given as Profile };
}
function credential(name: string): Credential {
  return { name, username: `user-of-${name}`, kind: 'password', fingerprint: null, createdAt: '' };
}
const simulated = profile('simulated', { credential: 'simulated' });
const copy = profile('copy', {}, true);
const install = profile('install');

describe('the logins of a push', () => {
  it('are never those another profile has for itself', () => {
    expect(loginsOf([null], [copy, simulated], [credential('simulated')])).toMatchObject([
      { name: 'default', credential: undefined, candidates: [] },
    ]);
  });

  it('are the one a profile names, and the only one that is free', () => {
    const stored = [credential('simulated'), credential('bench')];
    const uses = loginsOf([null, 'simulated'], [copy, simulated], stored);
    expect(uses.map(({ credential }) => credential?.name)).toEqual(['bench', 'simulated']);
  });

  it('are shown once when profiles share one', () => {
    const [use, ...others] = loginsOf(['copy', null, 'install'], [copy, install], [credential('bench')]);
    expect(others).toEqual([]);
    expect(use?.profiles.map(({ name }) => name)).toEqual(['copy', 'install']);
  });

  it('have to be chosen when several are free', () => {
    const [use] = loginsOf([null], [copy], [credential('a'), credential('b')]);
    expect(use?.credential).toBeUndefined();
    expect(use?.candidates.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('are asked for under the name the profile gives', () => {
    const cameras = profile('cameras', { credential: 'camera-login' });
    expect(loginsOf(['cameras', 'gone'], [copy, cameras], [credential('a')])).toMatchObject([
      { name: 'camera-login', credential: undefined, candidates: [] },
    ]);
  });

  it('are all that a profile names, and none of its jump hosts are free', () => {
    const both = profile(
      'both',
      { credential: ['new', 'old'], jumpHost: { host: 'gate', port: 22, credential: 'gate' } },
      true,
    );
    const stored = ['new', 'old', 'gate', 'bench'].map(credential);
    const uses = loginsOf(['both', 'install'], [both, install], stored);
    expect(uses.map(({ credential }) => credential?.name)).toEqual(['new', 'old', 'bench']);
  });

  it('name the user of the profile, where it has one', () => {
    const root = profile('root', { username: 'root' }, true);
    const uses = loginsOf(['copy', 'root'], [copy, root], [credential('bench')]);
    expect(uses.map(userOf)).toEqual(['user-of-bench', 'root']);
  });
});
