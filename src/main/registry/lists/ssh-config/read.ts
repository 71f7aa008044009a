import { fitsGlob } from '../../../../shared/glob.ts';
import type { Metadata } from '../../../../shared/model/index.ts';
import type { PutRow } from '../../registry.ts';
import { byLine, checkDevice } from '../check.ts';
import type { DeviceField } from '../device-values.ts';
import { FormFault } from '../form-fault.ts';
import { wholeText } from '../text.ts';
import { type HostBlock, readBlocks } from './blocks.ts';

/**
 * Reads the hosts of an OpenSSH client configuration: every alias of a `Host` line that is no pattern, with the settings
 * that ssh would use for it.
 */
export async function* readSshConfig(text: AsyncIterable<string>): AsyncGenerator<PutRow> {
  const { blocks, faults } = readBlocks(await wholeText(text));
  const rows: PutRow[] = [];
  const settingsFor = createLookup(blocks);
  const done = new Set<string>();
  for (const { line, patterns } of blocks) {
    for (const alias of patterns) {
      if (/[*?!]/.test(alias) || done.has(alias)) continue;
      done.add(alias);
      rows.push(toRow(alias, line, settingsFor(alias, line)));
    }
  }
  yield* byLine(rows, faults);
}

type Settings = Map<string, string[]>;

/** No name of a device is longer, so nothing is looked up for an alias that is. */
const maxAlias = 200;

/** Patterns tried and settings read for one file: some seconds of work. */
const maxSteps = 50_000_000;

/** As ssh does: all blocks that match, in the order of the file; the first value counts, but identity files add up. */
function createLookup(blocks: HostBlock[]): (alias: string, line: number) => Settings {
  const named = new Map<string, number[]>();
  const patterned: number[] = [];
  for (const [index, { patterns }] of blocks.entries()) {
    if (patterns.some((pattern) => /[*?!]/.test(pattern))) patterned.push(index);
    else
      for (const alias of patterns) {
        const places = named.get(alias);
        if (places) places.push(index);
        else named.set(alias, [index]);
      }
  }
  let steps = 0;
  return (alias, line) => {
    const settings: Settings = new Map();
    if (alias.length > maxAlias) return settings;
    const spend = (count: number) => {
      steps += count;
      if (steps <= maxSteps) return;
      throw new FormFault({ line, message: 'there are too many hosts and patterns up to here; split the file' });
    };
    const matching = patterned.filter((index) => {
      const patterns = blocks[index]?.patterns ?? [];
      spend(patterns.length);
      return matches(alias, patterns);
    });
    for (const index of [...(named.get(alias) ?? []), ...matching].sort((a, b) => a - b)) {
      for (const { keyword, value } of blocks[index]?.settings ?? []) {
        const values = settings.get(keyword);
        spend(1 + (values?.length ?? 0));
        if (!values) settings.set(keyword, [value]);
        else if (keyword === 'identityfile' && !values.includes(value)) values.push(value);
      }
    }
    return settings;
  };
}

/** PATTERNS in ssh_config(5): one must match, and none that is negated. */
function matches(alias: string, patterns: string[]): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && fitsGlob(alias, pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fitsGlob(alias, pattern));
}

function toRow(alias: string, line: number, settings: Settings): PutRow {
  const first = (keyword: string) => settings.get(keyword)?.[0];
  const hostName = first('hostname');
  const host = hostName === undefined ? alias : expand(hostName, alias);
  const nameOf = (field: DeviceField) => (field === 'address' && hostName !== undefined ? 'HostName' : 'Host');
  if (host === undefined) {
    const message = `"${hostName}" holds a token other than %h and %%; write the address itself`;
    return { line, faults: [{ line, field: 'HostName', message }] };
  }
  const port = first('port');
  const address = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const metadata: Metadata = {};
  const user = first('user');
  if (user !== undefined) metadata.sshUser = user;
  const files = settings.get('identityfile')?.filter((file) => file.toLowerCase() !== 'none') ?? [];
  if (files.length > 0) metadata.sshIdentityFile = files.length === 1 ? (files[0] as string) : files;
  const jump = first('proxyjump');
  if (jump !== undefined && jump.toLowerCase() !== 'none') metadata.sshProxyJump = jump;
  const mentioned = Object.keys(metadata).length > 0 ? metadata : undefined;
  return checkDevice({ name: alias, address, metadata: mentioned }, { line, nameOf });
}

/** TOKENS in ssh_config(5) that HostName takes; `undefined` for others. */
function expand(hostName: string, alias: string): string | undefined {
  const expanded = hostName.replace(/%[%h]/g, (token) => (token === '%%' ? '\0' : alias));
  return /%/.test(expanded) && !expanded.includes(':') ? undefined : expanded.replaceAll('\0', '%');
}
