import { isAlias, isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';
import { FormFault } from '../form-fault.ts';
import { createInventory, type Inventory, type Variable, type Variables } from './inventory.ts';

/** Groups within groups deeper than this are a circle. */
const maxDepth = 50;

/** Reads an inventory in YAML form (Ansible's `ansible.builtin.yaml` inventory plugin), YAML 1.1 as Ansible reads it. */
export function readYaml(text: string): Inventory {
  const inventory = createInventory();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', merge: true });
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
  const resolved = (node: unknown): unknown => {
    if (!isAlias(node)) return node;
    const target = node.resolve(document);
    if (!target)
      fault(node, node.source, `"*${node.source}" stands for nothing; there is no &${node.source} before it`);
    return target;
  };

  /** The members of a mapping, with what `<<` brings in; nothing for an empty value. */
  const membersOf = (node: unknown, where: Node, field: string): { key: string; at: Node; value: unknown }[] => {
    const map = resolved(node);
    if (map === null || map === undefined || (isScalar(map) && map.value === null)) return [];
    if (!isMap(map)) {
      fault(where, field, 'must be a mapping: names with a colon, one a line');
      return [];
    }
    const own = (map as YAMLMap<Node, unknown>).items
      .filter(({ key }) => !isMerge(key))
      .map(({ key, value }) => ({
        key: isScalar(key) ? (key.source ?? String(key.value)) : String(key),
        at: key,
        value,
      }));
    const merged = map.items
      .filter(({ key }) => isMerge(key))
      .flatMap(({ value }) => membersOf(value, where, field))
      .filter(({ key }) => !own.some((member) => member.key === key));
    return [...merged, ...own];
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

const isMerge = (key: unknown) => isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');

/** What has a tag of its own is encrypted (`!vault`) or unsafe to expand (`!unsafe`). */
function variableOf(node: unknown): Variable {
  if (!isScalar(node) || node.value === null) return undefined;
  if (node.tag?.startsWith('!')) return undefined;
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value as Variable;
  return node.source;
}
