import { expect, it } from 'vitest';
import presets from '../../../resources/profiles.json' with { type: 'json' };
import { profile } from '../../shared/model/index.ts';
import { checkDraft, draftOf, problemAt } from './profile-draft.ts';

const everySsh = {
  ...{ port: 2222, username: 'root', credential: ['new', 'old'], jumpHost: 'admin@gate:2200,inner' },
  ...{ legacyAlgorithms: true, method: 'exec', remotePath: '/mnt/{firmware.fileName}', fileMode: '0644' },
  ...{ fileOwner: 'root:root', delta: 'off', compress: 'off', preflightCommand: 'df', versionCommand: 'version' },
  ...{ versionPattern: 'v(.*) ', verifyCommand: 'check', activateCommand: 'go', rollbackCommand: 'back' },
  ...{ requireSignature: true, rebootExpected: true, confirmTimeoutMs: 90_500, rateLimitBytesPerSecond: 1_500 },
  timeouts: { connectMs: 1_000, commandMs: 2_000, transferMs: 3_000, keepaliveMs: 400 },
};
const ca = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
const everyHttp = {
  method: 'PUT',
  path: '/fw',
  field: 'image',
  headers: { 'X-Line': 'a: b', Accept: 'text/plain' },
  ...{ auth: 'basic', tls: { ca, serverName: 'gate.lab' }, verify: 'digest', resume: true },
  ...{ healthPath: '/ok', versionPath: '/v', versionPattern: '(.*)' },
};
const given = {
  ...presets,
  'every field over SSH': everySsh,
  'a jump host with a login of its own': { jumpHost: [{ host: 'gate', credential: 'gate' }, 'inner'] },
  'every field over HTTP': { transport: 'http', credential: 'a', port: 8080, http: everyHttp },
  'a pinned certificate': { transport: 'http', http: { tls: { pin: `SHA256:${'A'.repeat(43)}` } } },
  'a certificate that is accepted once': { transport: 'http', http: { tls: {} } },
};

it.each(Object.entries(given))('gives back %s as it was', (name, one) => {
  const before = profile.parse(one);
  expect(checkDraft(draftOf(name, before))).toEqual({ profile: before });
});

it('leaves out what the other transport knows', () => {
  const draft = { ...draftOf('a', profile.parse(everySsh)), transport: 'http' as const };
  expect(checkDraft(draft)).toMatchObject({ profile: { transport: 'http', http: { path: '/update' } } });
  const back = { ...draftOf('b', profile.parse(given['every field over HTTP'])), transport: 'ssh' as const };
  expect(checkDraft(back)).toMatchObject({ profile: { transport: 'ssh', remotePath: '/tmp/{firmware.fileName}' } });
});

it.each([
  ['port', 'abc', 'must be a whole number'],
  ['port', '70000', 'must be 65535 at most'],
  ['confirmTimeoutMs', '0,05', 'must be 0.1 at least'],
  ['rateLimitBytesPerSecond', '0.5', 'must be 1 at least'],
  ['timeouts.connectMs', 'soon', 'must be a number'],
  ['fileMode', '999', 'a mode is three or four octal digits, such as "0644"'],
] as const)('says what is wrong with %s %j in the unit of the form', (field, text, message) => {
  const draft = draftOf('a');
  draft.text[field] = text;
  const checked = checkDraft(draft);
  expect('problems' in checked && problemAt(checked.problems, field)).toBe(message);
});

it('says at the headers which of them cannot be', () => {
  const draft = { ...draftOf('a'), transport: 'http' as const, headers: 'X-Line: 4\nHost: other' };
  const checked = checkDraft(draft);
  expect('problems' in checked && problemAt(checked.problems, 'http.headers')).toBe('Pushrod sends this header itself');
});
