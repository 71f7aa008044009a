import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readGlobalOptions } from './global-options.ts';

it.each([
  ['before the command', ['--json', '--data', '/d', 'devices', 'list']],
  ['between command and subcommand', ['devices', '--data=/d', '--json', 'list']],
  ['after everything', ['devices', 'list', '--data', '/d', '--json']],
])('takes --data and --json %s', (_, argv) => {
  expect(readGlobalOptions(argv, {})).toMatchObject({
    ...{ args: ['devices', 'list'], json: true, dataDir: resolve('/d'), misuse: undefined },
  });
});

it('prefers --data to PUSHROD_DATA, and that to the default', () => {
  const environment = { PUSHROD_DATA: '/from-environment' };
  expect(readGlobalOptions(['--data', '/d'], environment).dataDir).toBe(resolve('/d'));
  expect(readGlobalOptions([], environment).dataDir).toBe(resolve('/from-environment'));
  expect(readGlobalOptions([], { PUSHROD_DATA: '' }).dataDir).not.toBe(resolve(''));
});

it('leaves what follows -- alone', () => {
  expect(readGlobalOptions(['devices', 'get', '--', '--json'], {})).toMatchObject({
    ...{ args: ['devices', 'get', '--', '--json'], json: false },
  });
});

it.each([[['--data']], [['--data=']], [['--data', '--json']]])('says that %j lacks the folder', (argv) => {
  expect(readGlobalOptions(argv, {}).misuse).toMatchObject({ code: 'INVALID_INPUT' });
});

it('still answers in JSON when --json stands where the folder should', () => {
  expect(readGlobalOptions(['--data', '--json'], {}).json).toBe(true);
});
