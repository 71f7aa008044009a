import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../shared/model/index.ts';
import { eventLines, ofDevice, textOfLines } from './event-lines.ts';

const entry = (id: number, given: Partial<AuditEntry>): AuditEntry => ({
  ...{ id, at: '2026-05-01T02:00:00.000Z', actor: 'pushrod', subject: 'device-update', subjectId: 'd1' },
  ...{ updateId: null, action: 'transferring', detail: null, hash: '', ...given },
});
const devices = new Map([
  ['d1', { deviceName: 'gateway 1' }],
  ['d2', { deviceName: 'camera 2' }],
]);

describe('what happened in an update', () => {
  const lines = eventLines(
    [
      entry(1, { subject: 'update', subjectId: 'u', action: 'running', actor: 'ann (terminal)' }),
      entry(2, {}),
      entry(3, { subjectId: 'd2', action: 'rolledBack', detail: 'it did not answer' }),
      entry(4, { subjectId: 'gone', action: 'failed' }),
    ],
    devices,
  );

  it('is told by the names of devices and states, and by who wanted it', () =>
    expect(lines.map(({ who, what, detail }) => [who, what, detail])).toEqual([
      ['', 'running', 'by ann (terminal)'],
      ['gateway 1', 'transferring', ''],
      ['camera 2', 'rolled back', 'it did not answer'],
      ['gone', 'failed', ''],
    ]));

  it('can be told of one device', () => {
    expect(ofDevice(lines, ' CAMERA').map(({ id }) => id)).toEqual([3]);
    expect(ofDevice(lines, '')).toBe(lines);
  });

  it('is copied one thing a line, with tabs between its parts', () =>
    expect(textOfLines(lines.slice(2, 3))).toMatch(/2026.*\tcamera 2\trolled back\tit did not answer$/));
});
