import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { errorCodes, PushrodError } from '../shared/errors.ts';
import { exitCodeOf, fromClient, namingFlags } from './failure.ts';

describe('exitCodeOf', () => {
  it.each([
    ['INVALID_INPUT', 2],
    ['CONFLICT', 2],
    ['DEVICE_NOT_FOUND', 4],
    ['FIRMWARE_NOT_FOUND', 4],
    ['UPDATE_NOT_FOUND', 4],
    ['PROFILE_NOT_FOUND', 4],
    ['CREDENTIAL_NOT_FOUND', 4],
    ['DATA_FOLDER_IN_USE', 5],
    ['DATA_FOLDER_TOO_NEW', 5],
    ['DATABASE_DAMAGED', 5],
    ['STORAGE_FAILED', 5],
    ['CANCELLED', 3],
    ['UNREACHABLE', 1],
    ['HOST_KEY_CHANGED', 1],
    ['INTERNAL', 1],
  ] as const)('ends %s with %i', (code, exitCode) => {
    expect(exitCodeOf(code)).toBe(exitCode);
  });

  it.each(errorCodes)('never ends %s as if it were done', (code) => {
    expect(exitCodeOf(code)).toBeGreaterThan(0);
  });
});

describe('fromClient', () => {
  const answer = (field: string) =>
    new ORPCError('PUSHROD', {
      message: 'No.',
      data: { code: 'INVALID_INPUT', hint: '', details: [{ field, message: 'm' }] },
    });

  it.each([
    ['filter.status.0', 'status'],
    ['sort.field', 'sort'],
    ['changes.address', 'address'],
    ['info.models.3', 'model'],
    ['changes.lastSeen', 'last-seen'],
    ['profile.timeouts.connectMs', 'timeouts.connect'],
    ['profile', 'profile'],
    ['address', 'address'],
    ['selection', 'selection'],
  ])('names the field %s as the person wrote it: %s', (field, written) => {
    expect(fromClient(answer(field)).details).toEqual([{ field: written, message: 'm' }]);
  });

  it('keeps code, message and the line of an import', () => {
    const details = [{ line: 3, field: 'address', message: 'm' }];
    const thrown = new ORPCError('PUSHROD', {
      message: 'Bad rows.',
      data: { code: 'INVALID_INPUT', hint: '', details },
    });
    expect(fromClient(thrown)).toMatchObject({ code: 'INVALID_INPUT', message: 'Bad rows.', details });
  });

  it('takes an answer it does not know for a fault in Pushrod', () => {
    expect(fromClient(new ORPCError('TEAPOT')).code).toBe('INTERNAL');
    expect(fromClient(new TypeError('x')).code).toBe('INTERNAL');
  });
});

describe('namingFlags', () => {
  const cases = [
    ['sort', 'Invalid option', 'This cannot be done: Invalid option.', 'This cannot be done: --sort: Invalid option.'],
    [
      'seen-after',
      'not a time',
      'This selects nothing: seen-after: not a time.',
      'This selects nothing: --seen-after: not a time.',
    ],
    ['limit', '"0$&" is too few', 'limit: "0$&" is too few', '--limit: "0$&" is too few'],
    ['yes', 'add --yes to do so', 'This removes all; add --yes to do so', 'This removes all; add --yes to do so'],
    ['name', 'name is empty', 'This cannot be done: name is empty.', 'This cannot be done: name is empty.'],
  ] as const;
  it.each(cases)('names %s when it was typed', (field, said, message, named) => {
    const args = ['devices', 'list', '--sort', 'x', '--seen-after=x', '--limit', '0', '--yes'];
    const error = new PushrodError('INVALID_INPUT', message, [{ field, message: said }]);
    expect(namingFlags(error, args)).toMatchObject({ message: named, details: error.details });
  });

  it('leaves the rows of a list alone', () => {
    const error = new PushrodError('INVALID_INPUT', 'name: is empty', [
      { line: 2, field: 'name', message: 'is empty' },
    ]);
    expect(namingFlags(error, ['--name', 'x']).message).toBe('name: is empty');
  });
});
