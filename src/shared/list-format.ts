import { columnOf } from './list-columns.ts';
import type { ListFormat } from './model/index.ts';

const byEnding = new Map<string, ListFormat>([
  ['csv', 'csv'],
  ['tsv', 'csv'],
  ['json', 'json'],
  ['ndjson', 'json'],
  ['jsonl', 'json'],
  ['ini', 'ansible'],
  ['yml', 'ansible'],
  ['yaml', 'ansible'],
]);
const byName = new Map<string, ListFormat>([
  ['config', 'ssh-config'],
  ['ssh_config', 'ssh-config'],
  ['hosts', 'ansible'],
  ['inventory', 'ansible'],
]);

/** The format of a list by its name, else by how it starts; `undefined` when neither tells. */
export function formatOf(fileName: string, start: string | Uint8Array = ''): ListFormat | undefined {
  const name = fileName.toLowerCase().replace(/^.*[/\\]/, '');
  return byEnding.get(/\.([^.]+)$/.exec(name)?.[1] ?? '') ?? byName.get(name) ?? formatOfStart(start);
}

function formatOfStart(start: string | Uint8Array): ListFormat | undefined {
  const text = typeof start === 'string' ? start : textOf(start);
  const line = /^(?![ \t]*(?:[#;].*)?$).+$/m.exec(text.replace(/^\uFEFF/, ''))?.[0]?.trim() ?? '';
  if (/^(?:\{|\[\s*(?:[{\]]|$))/.test(line)) return 'json';
  if (/^\[[^\]\s]+\]|^---|^[\w-]+:\s*$/.test(line)) return 'ansible';
  if (/^"?sep=./i.test(line) || line.split(/[,;\t]/).filter((cell) => columnOf(cell.replaceAll('"', ''))).length > 1)
    return 'csv';
  if (/^(?:Host|Match|Include|HostName|User|Port|IdentityFile|ProxyJump|[A-Z][A-Za-z]+)(?:\s+|\s*=\s*)\S/.test(line))
    return 'ssh-config';
  return undefined;
}

function textOf(bytes: Uint8Array): string {
  const label =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(label).decode(bytes);
}
