import { describe, expect, it } from 'vitest';
import { profile } from '../shared/model/index.ts';
import { profileJson, readProfileJson } from './profile-json.ts';

const detailOf = (text: string) => {
  try {
    readProfileJson(text);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

describe('a profile in JSON', () => {
  it('writes timeouts as durations and reads them as milliseconds', () => {
    const read = readProfileJson('{"remotePath":"/f","timeouts":{"connect":"5s","command":"PT2M"}}');
    expect(read.timeouts).toEqual({ connectMs: 5_000, commandMs: 120_000 });
  });

  it('comes back as it went', () => {
    const given = profile.parse({
      remotePath: '/f',
      port: 2222,
      fileMode: '0755',
      fileOwner: 'root:adm',
      activateCommand: 'reboot',
      confirmTimeoutMs: 90_000,
      rateLimitBytesPerSecond: 2 * 1024 * 1024,
    });
    const written = profileJson({ name: 'p', isDefault: false, isPreset: false, profile: given });
    expect(profile.parse(readProfileJson(JSON.stringify(written)))).toEqual(given);
  });

  it('takes credentials by name or in a list, and jump hosts', () => {
    const given = {
      credential: ['new', 'old'],
      jumpHost: ['a,b', { host: 'c', credential: 'gate' }],
      legacyAlgorithms: true,
    };
    expect(readProfileJson(JSON.stringify(given))).toEqual(given);
  });

  it.each([
    ['{"rollBack":"x"}', 'rollBack'],
    ['{"timeouts":null}', 'timeouts'],
    ['{"timeouts":"5s"}', 'timeouts'],
    ['{"timeouts":{"connect":30}}', 'timeouts.connect'],
    ['{"timeouts":{"reboot":"5s"}}', 'timeouts.reboot'],
  ])('names the field that is wrong in %s', (text, field) => {
    expect(detailOf(text)).toMatchObject({ code: 'INVALID_INPUT', details: [{ field }] });
  });

  it.each([
    ['fileMode', '0644', true],
    ['fileMode', '755', true],
    ['fileMode', '0888', false],
    ['fileMode', 'u+x', false],
    ['fileOwner', 'root', true],
    ['fileOwner', '0:0', true],
    ['fileOwner', '-R', false],
    ['fileOwner', 'a:b:c', false],
    ['fileOwner', 'root;reboot', false],
  ])('takes as %s %j: %s', (field, value, isRight) => {
    expect(profile.safeParse({ [field]: value }).success).toBe(isRight);
  });

  it.each(['', '{', '[]', '"x"', 'null'])('refuses %j', (text) => {
    expect(detailOf(text)).toMatchObject({ code: 'INVALID_INPUT' });
  });
});
