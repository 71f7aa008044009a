import { expect, it } from 'vitest';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import type { UpdateId } from '../shared/model/index.ts';
import { follow } from './follow.ts';
import type { Terminal } from './terminal.ts';

it('ends with the summary when the registry does not answer any more', async () => {
  const update = { id: 'u1', state: 'completed', counts: { succeeded: 1 }, total: 1, createdAt: '', endedAt: null };
  const device = { deviceId: 'd1', state: 'succeeded', errorCode: null, message: null, startedAt: null };
  const client = {
    updates: {
      watch: async () =>
        (async function* () {
          yield { update, devices: [device] };
        })(),
    },
    devices: {
      list: async () => {
        throw new PushrodError('REGISTRY_UNREACHABLE', 'gone');
      },
    },
  } as unknown as PushrodClient;
  const lines: unknown[] = [];
  const terminal = { json: true, jsonLine: (line: unknown) => void lines.push(line) } as unknown as Terminal;
  expect(await follow(client, 'u1' as UpdateId, terminal, { cancelOnInterrupt: true })).toBe(0);
  expect(lines.at(-1)).toMatchObject({
    ...{ type: 'summary', state: 'completed', succeeded: 1 },
    devices: [{ deviceId: 'd1', firmwareVersion: null }],
  });
});
