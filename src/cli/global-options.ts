import { resolve } from 'node:path';
import { defaultDataDir } from '../main/data/index.ts';
import { PushrodError } from '../shared/errors.ts';
import { registryUrl } from '../shared/model/index.ts';

export interface GlobalOptions {
  /** The command line without the options read here. */
  args: string[];
  json: boolean;
  dataDir: string;
  /** Address of the shared registry. */
  registry: string | undefined;
  misuse: PushrodError | undefined;
}

/** Reads `--data DIR`, `--registry URL` and `--json` wherever they stand on the line, up to a `--`. */
export function readGlobalOptions(argv: string[], env: NodeJS.ProcessEnv): GlobalOptions {
  const args: string[] = [];
  let json = false;
  let data = env.PUSHROD_DATA || undefined;
  let registry = env.PUSHROD_REGISTRY || undefined;
  let misuse: PushrodError | undefined;
  const rest = argv.values();
  for (const argument of rest) {
    if (argument === '--') {
      args.push(argument, ...rest);
    } else if (argument === '--json') {
      json = true;
    } else if (isOption(argument, '--data')) {
      data = textOf(argument, rest);
      if (data === '--json') json = true;
      if (!data || data.startsWith('-')) misuse = invalid('--data needs a folder, such as --data ~/bench-4');
    } else if (isOption(argument, '--registry')) {
      registry = textOf(argument, rest);
    } else {
      args.push(argument);
    }
  }
  const isAddress = registry === undefined || registryUrl.safeParse(registry).success;
  if (!isAddress)
    misuse ??= invalid('--registry needs the address of a database, such as postgres://bench@192.0.2.5/pushrod');
  return { args, json, dataDir: resolve(data || defaultDataDir()), registry, misuse };
}

const isOption = (argument: string, name: string) => argument === name || argument.startsWith(`${name}=`);

function textOf(argument: string, rest: Iterator<string>): string {
  const at = argument.indexOf('=');
  return at === -1 ? (rest.next().value ?? '') : argument.slice(at + 1);
}

const invalid = (message: string) => new PushrodError('INVALID_INPUT', message);
