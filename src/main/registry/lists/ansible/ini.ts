import { splitWords, type WordRules } from '../words.ts';
import { createInventory, type Inventory, type Variable, type Variables } from './inventory.ts';

/** Words as Python's shlex splits them, which Ansible uses. */
const rules: WordRules = { escapable: { bare: /./s, quoted: /["\\]/ }, commentInWord: true };

/** Reads an inventory in INI form (Ansible's `ansible.builtin.ini` inventory plugin). */
export function readIni(text: string): Inventory {
  const inventory = createInventory();
  let section: { name: string; kind: string } = { name: 'ungrouped', kind: 'hosts' };
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    const entry = content.trim();
    const fault = (message: string) => void inventory.faults.push({ line, message });
    if (entry === '' || entry.startsWith('#') || entry.startsWith(';')) continue;
    if (entry.startsWith('[')) {
      const [, name, kind = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(entry) ?? [];
      if (name === undefined || !/^(hosts|children|vars)$/.test(kind)) {
        fault(`"${entry}" is no section; write [GROUP], [GROUP:children] or [GROUP:vars]`);
        continue;
      }
      section = { name, kind };
      if (kind === 'vars') inventory.mention(name, line);
      else inventory.addGroup(name, line);
    } else if (section.kind === 'vars') {
      const [, key, value = ''] = /^([^=\s]+)\s*=\s*(.*)$/.exec(entry) ?? [];
      if (key === undefined) fault('is no variable; write KEY=VALUE');
      else inventory.mention(section.name, line).variables.set(key, variableOf(value));
    } else {
      const words = splitWords(entry, rules);
      const [first = '', ...rest] = words ?? [];
      if (words === undefined) fault('a quote is not closed on this line');
      else if (section.kind === 'hosts') addHosts(inventory, first, section.name, line, rest);
      else if (rest.length > 0) fault('a line of a children section is the name of one group');
      else if (section.name === 'all') inventory.mention(first, line);
      else inventory.mention(first, line).parents.add(section.name);
    }
  }
  inventory.finish();
  return inventory;
}

function addHosts(inventory: Inventory, pattern: string, group: string, line: number, words: string[]): void {
  const variables: Variables = new Map();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) {
      const message = `"${word}" is no variable; write KEY=VALUE, and quotes around a value with spaces`;
      inventory.faults.push({ line, field: 'host', message });
    } else {
      variables.set(word.slice(0, equals), variableOf(word.slice(equals + 1)));
    }
  }
  inventory.addHosts(pattern, group, line, variables);
}

/** A value as Ansible takes it: a Python literal, else the text as it stands. */
function variableOf(text: string): Variable {
  const literal = text.replace(/\s+#.*$/, '');
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(literal)) {
    const value = Number(literal);
    return Number.isSafeInteger(value) || literal.includes('.') ? value : literal;
  }
  if (literal === 'True' || literal === 'False') return literal === 'True';
  if (literal === 'None' || /^[[(].*[\])]$/.test(literal) || /^\{(?!\{).*\}$/.test(literal)) return undefined;
  return /^(["'])((?:(?!\1).)*)\1$/.exec(literal)?.[2] ?? text;
}
