import { describe, expect, it } from 'vitest';
import type { CrashDevice } from './crash-bench.ts';
import type { Traces } from './traces.ts';
import { type Recorded, violationsAtEnd, violationsUntouched } from './violations.ts';

const sha256 = 'a'.repeat(64);
const other = 'b'.repeat(64);
const done: Traces = { file: 'whole', leftovers: [], installs: [sha256], isNew: true };
const untouched: Traces = { file: 'absent', leftovers: [], installs: [], isNew: false };
const succeeded: Recorded = { state: 'succeeded', errorCode: null, message: null };
const unknown: Recorded = { state: 'failed', errorCode: 'ACTIVATION_UNKNOWN', message: 'It stopped.' };

const unconfirmed: Recorded = { state: 'failed', errorCode: 'VERSION_NOT_CONFIRMED', message: 'It reports 8.0.' };

const judge = (activation: CrashDevice['activation'], recorded: Recorded, traces: Traces) =>
  violationsAtEnd(
    { id: 'd', firmwareDir: '', installsFile: '', versionFile: '', activation },
    recorded,
    traces,
    sha256,
  );

describe('the crash test', () => {
  it.each([
    ['a device that is done', 'confirmed', succeeded, done],
    ['a device that installs by itself, twice', 'itself', succeeded, { ...done, installs: [sha256, sha256] }],
    ['a blind device that was activated, nobody knows', 'blind', unknown, done],
    ['a blind device that was not', 'blind', unknown, { ...untouched, file: 'whole' }],
    ['a device that was never told to activate', 'confirmed', unconfirmed, { ...untouched, file: 'whole' }],
  ] as const)('bears %s', (_, activation, recorded, traces) => {
    expect(judge(activation, recorded, { ...traces, installs: [...traces.installs] })).toEqual([]);
  });

  it.each([
    ['a file that is not whole', 'confirmed', unconfirmed, { ...untouched, file: 'broken' }],
    ['a part that was left', 'confirmed', succeeded, { ...done, leftovers: ['fw.part'] }],
    ['a second activation', 'blind', unknown, { ...done, installs: [sha256, sha256] }],
    ['an activation of something else', 'itself', succeeded, { ...done, installs: [other, sha256] }],
    ['a success without a file', 'confirmed', succeeded, { ...done, file: 'absent' }],
    ['a success without an activation', 'confirmed', succeeded, { ...done, installs: [] }],
    ['a success with the old version', 'confirmed', succeeded, { ...done, isNew: false }],
    ['an unknown end where it can be known', 'confirmed', unknown, done],
    ['an activation before the file was there', 'blind', unknown, untouched],
    ['a new version that was not confirmed', 'confirmed', unconfirmed, done],
    ['another failure', 'confirmed', { ...unknown, errorCode: 'DEVICE_ERROR' }, untouched],
    ['a device that never ended', 'confirmed', { ...succeeded, state: 'interrupted' }, untouched],
  ] as const)('blames %s', (_, activation, recorded, traces) => {
    const found = { ...traces, leftovers: [...traces.leftovers], installs: [...traces.installs] };
    expect(judge(activation, recorded, found)).toHaveLength(1);
  });

  it('blames whatever was done to a device before its update is on record', () => {
    expect(violationsUntouched(untouched)).toEqual([]);
    expect(violationsUntouched({ ...untouched, leftovers: ['fw.part'] })).toHaveLength(1);
  });
});
