import { expect, it } from 'vitest';
import { digestHeaders, digestIn, storedDigestIn } from './digest.ts';

const sha256 = '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9';
const base64 = Buffer.from(sha256, 'hex').toString('base64');

it('is written so that it can be read', () => {
  expect(digestHeaders(sha256)['content-digest']).toBe(`sha-256=:${base64}:`);
  expect(digestIn({ 'content-digest': `sha-256=:${base64}:` })).toBe(sha256);
});

it.each([
  { 'x-checksum-sha256': sha256.toUpperCase() },
  { 'repr-digest': `sha-512=:AAAA:, sha-256=:${base64}:` },
  { digest: `SHA-256=${base64}` },
])('is read from %j', (headers) => {
  expect(digestIn(headers)).toBe(sha256);
});

it.each([{}, { etag: `"${sha256}"` }, { 'x-checksum-sha256': 'none' }, { 'repr-digest': 'sha-256=:AAAA:' }])(
  'is not there in %j',
  (headers) => {
    expect(digestIn(headers)).toBeUndefined();
  },
);

it.each([
  ['a header', { 'x-checksum-sha256': sha256 }, ''],
  ['JSON', {}, `{"ok":true,"sha256":"${sha256}"}`],
])('of what was stored is read from %s of the answer', (_, headers, text) => {
  expect(storedDigestIn({ status: 200, headers, text, location: undefined })).toBe(sha256);
});

it('of what was stored is not that of the answer itself', () => {
  const headers = { 'content-digest': `sha-256=:${base64}:` };
  expect(storedDigestIn({ status: 200, headers, text: '{"ok":true}', location: undefined })).toBeUndefined();
});
