import { resolve } from 'node:path';
import { defaultDataDir } from '../main/data/index.ts';
import { PushrodError } from '../shared/errors.ts';

export interface GlobalOptions {
  /** The command line without the options read here. */
  args: string[];
  json: boolean;
  dataDir: string;
  misuse: PushrodError | undefined;
}

/** Reads `--data DIR` and `--json` wherever they stand on the line, up to a `--`. */
export function readGlobalOptions(argv: string[], env: NodeJS.ProcessEnv): GlobalOptions {
  const args: string[] = [];
  let json = false;
  let data = env.PUSHROD_DATA || undefined;
  let misuse: PushrodError | undefined;
  const rest = argv.values();
  for (const argument of rest) {
    if (argument === '--') {
      args.push(argument, ...rest);
    } else if (argument === '--json') {
      json = true;
    } else if (argument === '--data' || argument.startsWith('--data=')) {
      data = argument === '--data' ? rest.next().value : argument.slice('--data='.length);
      if (data === '--json') json = true;
      if (!data || data.startsWith('-'))
        misuse = new PushrodError('INVALID_INPUT', '--data needs a folder, such as --data ~/bench-4');
    } else {
      args.push(argument);
    }
  }
  return { args, json, dataDir: resolve(data || defaultDataDir()), misuse };
}
