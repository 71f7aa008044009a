import type { Metadata } from '../../../../shared/model/index.ts';
import type { PutRow } from '../../registry.ts';
import { byLine, checkDevice } from '../check.ts';
import type { DeviceField } from '../device-values.ts';
import { FormFault } from '../form-fault.ts';
import { wholeText } from '../text.ts';
import { readIni } from './ini.ts';
import type { Variable, Variables } from './inventory.ts';
import { isSecret } from './secret.ts';
import { readYaml } from './yaml.ts';

/** Variables that say how to reach a host, the first that is there, and what becomes of them. */
const connection = {
  host: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  sshUser: ['ansible_user', 'ansible_ssh_user'],
  sshIdentityFile: ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
} as const;
const connectionVariables = new Set<string>(Object.values(connection).flat());

/** Groups and variables of all hosts of one list, with what they have from their groups. */
const maxValues = 20_000_000;

/** Reads an Ansible inventory, in INI or YAML as its text shows. @throws FormFault for what ends the reading */
export async function* readAnsible(text: AsyncIterable<string>): AsyncGenerator<PutRow> {
  const content = await wholeText(text);
  if (content.trim() === '') throw new FormFault({ line: 1, message: 'the file is empty; it must hold an inventory' });
  const inventory = isYaml(content) ? readYaml(content) : readIni(content);
  const hosts = [...inventory.hosts].sort(([, a], [, b]) => a.line - b.line);
  const faults = byLine([], inventory.faults).values();
  let fault = faults.next();
  let values = 0;
  // One after the other: all rows of a large inventory at once would take gigabytes.
  for (const [name, host] of hosts) {
    const { line } = host;
    for (; !fault.done && (fault.value.line ?? 0) < line; fault = faults.next()) yield fault.value;
    const groups = inventory.groupsOf(host);
    const variables = inventory.variablesOf(host);
    values += groups.length + variables.size;
    if (values > maxValues) {
      throw new FormFault({ line, message: 'the inventory gives its hosts too many groups and variables; split it' });
    }
    yield toRow(name, line, variables, groups);
  }
  for (; !fault.done; fault = faults.next()) yield fault.value;
}

/** Whether the first line that says something is one of YAML: a document mark, `{`, or a name and a colon. */
export function isYaml(text: string): boolean {
  const line = /^(?![ \t]*(?:[#;].*)?$).+$/m.exec(text)?.[0] ?? '';
  return /^(?:---|%YAML|\{|[^[=]*:\s*(?:#.*|[&!*{].*|null|~)?$)/.test(line);
}

function toRow(name: string, line: number, variables: Variables, groups: string[]): PutRow {
  const found = (names: readonly string[]): [string, Variable] | undefined => {
    const variable = names.find((candidate) => variables.get(candidate) !== undefined);
    return variable === undefined ? undefined : [variable, variables.get(variable)];
  };
  if (variables.has('__proto__')) {
    return { line, faults: [{ line, field: '__proto__', message: 'is no name for metadata; give it another name' }] };
  }
  const [hostVariable, host] = found(connection.host) ?? ['host', name];
  const [portVariable, port] = found(connection.port) ?? [];
  for (const [field, value] of [
    [hostVariable, host],
    [portVariable, port],
  ]) {
    if (typeof value === 'string' && value.includes('{{')) {
      const message = `${value} is a template; write the value itself`;
      return { line, faults: [{ line, field: String(field), message }] };
    }
  }
  const text = String(host);
  const address = port === undefined ? text : `${text.includes(':') ? `[${text}]` : text}:${port}`;
  const nameOf = (field: DeviceField) => (field === 'address' ? hostVariable : field === 'name' ? 'host' : field);
  return checkDevice({ name, address, metadata: metadataOf(variables, groups, found) }, { line, nameOf });
}

function metadataOf(
  variables: Variables,
  groups: string[],
  found: (names: readonly string[]) => [string, Variable] | undefined,
): Metadata | undefined {
  const metadata: Metadata = {};
  for (const [key, value] of variables) {
    if (value === undefined || connectionVariables.has(key) || isSecret(key, value)) continue;
    metadata[key] = value;
  }
  for (const key of ['sshUser', 'sshIdentityFile'] as const) {
    const value = found(connection[key])?.[1];
    if (value !== undefined) metadata[key] = value;
  }
  if (groups.length > 0) metadata.groups = groups;
  for (const group of groups) metadata[`group:${group}`] = 'true';
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}
