import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { FormFault } from '../form-fault.ts';
import { createInventory, type Inventory, type Variable, type Variables } from './inventory.ts';

/** Groups within groups deeper than this are a circle. */
const maxDepth = 50;

/** Members that aliases may bring in, besides those that are written out: a short text can stand for billions. */
const maxRepeated = 1_000_000;

/** Reads an inventory in YAML form (Ansible's `ansible.builtin.yaml` inventory plugin), YAML 1.1 as Ansible reads it. */
export function readYaml(text: string): Inventory {
  const inventory = createInventory();
  const lines = new LineCounter();
  // The parser compares each key with all others of its mapping: minutes for a long inventory. `membersOf` looks itself.
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', merge: true, uniqueKeys: false });
  if (document.errors.length > 0) {
    throw new FormFault(
      ...document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        message: `is not YAML: ${message.split(/ at line|\n/, 1)[0]}`,
      })),
    );
  }

  const lineOf = (node: Node) => lines.linePos((node as ParsedNode).range?.[0] ?? 0).line;
  const fault = (node: Node, field: string, message: string) =>
    void inventory.faults.push({ line: lineOf(node), field, message });
  const targets = targetsOf(document);
  const resolved = (node: unknown): unknown => {
    if (!isAlias(node)) return node;
    const target = targets.get(node);
    if (!target)
      fault(node, node.source, `"*${node.source}" stands for nothing; there is no &${node.source} before it`);
    return target;
  };

  let visits = 0;
  const spend = (count: number, where: Node) => {
    visits += count;
    if (visits <= maxRepeated + text.length) return;
    const message = `repeats itself by "&" and "*" over ${maxRepeated} times; write out what is meant`;
    throw new FormFault({ line: lineOf(where), message });
  };
  const keyOf = (key: Node) => (isScalar(key) ? (key.source ?? String(key.value)) : String(key));

  /** The members of a mapping, with what `<<` brings in; nothing for an empty value. */
  const membersOf = (node: unknown, where: Node, field: string, depth = 0): Member[] => {
    const map = resolved(node);
    spend(1, where);
    if (map === null || map === undefined || (isScalar(map) && map.value === null)) return [];
    if (!isMap(map)) {
      fault(where, field, 'must be a mapping: names with a colon, one a line');
      return [];
    }
    if (depth > maxDepth) {
      fault(where, field, `takes over mappings by "<<" more than ${maxDepth} deep`);
      return [];
    }
    const own = new Map<string, Member>();
    const merged: Member[] = [];
    for (const { key: at, value } of (map as YAMLMap<Node, unknown>).items) {
      if (isMerge(at)) {
        for (const member of membersOf(value, where, field, depth + 1)) merged.push(member);
        continue;
      }
      const key = keyOf(at);
      if (own.has(key)) fault(at, key, 'is given twice in one mapping; remove one of them');
      own.set(key, { key, at, value });
    }
    spend(own.size + merged.length, where);
    return [...merged.filter(({ key }) => !own.has(key)), ...own.values()];
  };
  const variablesOf = (node: unknown, where: Node, field: string): Variables =>
    new Map(membersOf(node, where, field).map(({ key, value }) => [key, variableOf(resolved(value))]));

  const readGroup = (name: string, at: Node, node: unknown, parent: string | undefined, depth: number): void => {
    if (depth > maxDepth) return void fault(at, name, `is nested deeper than ${maxDepth} groups`);
    inventory.addGroup(name, lineOf(at), parent);
    for (const { key, at: where, value } of membersOf(node, at, name)) {
      if (key === 'hosts') {
        for (const host of membersOf(value, where, 'hosts')) {
          inventory.addHosts(host.key, name, lineOf(host.at), variablesOf(host.value, host.at, host.key));
        }
      } else if (key === 'vars') {
        const { variables } = inventory.mention(name, lineOf(at));
        for (const [variable, given] of variablesOf(value, where, 'vars')) variables.set(variable, given);
      } else if (key === 'children') {
        for (const child of membersOf(value, where, 'children'))
          readGroup(child.key, child.at, child.value, name, depth + 1);
      } else {
        fault(where, key, `is no part of the group ${name}; known are hosts, vars and children`);
      }
    }
  };

  if (!isMap(document.contents))
    throw new FormFault({ line: 1, message: 'is no inventory; it starts with a group, such as "all:"' });
  for (const { key, at, value } of membersOf(document.contents, document.contents, 'inventory')) {
    readGroup(key, at, value, undefined, 0);
  }
  inventory.finish();
  return inventory;
}

interface Member {
  key: string;
  at: Node;
  value: unknown;
}

/** What each alias stands for: the last node before it that has its name as an anchor. */
function targetsOf(document: Document.Parsed): Map<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return targets;
}

const isMerge = (key: unknown) => isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');

/** What has a tag of its own is encrypted (`!vault`) or unsafe to expand (`!unsafe`). */
function variableOf(node: unknown): Variable {
  if (!isScalar(node) || node.value === null) return undefined;
  if (node.tag?.startsWith('!')) return undefined;
  const { value } = node;
  // As in INI: the digits that a number cannot keep stay as text.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !node.source?.includes('.')) return node.source;
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value as Variable;
  return node.source;
}
