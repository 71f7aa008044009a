import type { ErrorDetail } from '../../../../shared/errors.ts';
import { FormFault } from '../form-fault.ts';
import { expandPattern } from './range.ts';

/** Of one list: what its patterns stand for, counted each time, and the variables of these hosts. */
const maxHosts = 1_000_000;
const maxVariables = 5_000_000;
/** Names are far shorter, and so are patterns. */
const maxPattern = 1_000;
/** Groups within groups deeper than this are no one's. */
const maxGroups = 1_000;

/** The value of a variable; `undefined` for lists and mappings, which are not taken over, and for what is encrypted. */
export type Variable = string | number | boolean | undefined;
export type Variables = Map<string, Variable>;

interface Host {
  line: number;
  groups: Set<string>;
  variables: Variables;
}
interface Group {
  /** Groups it is a child of. */
  parents: Set<string>;
  variables: Variables;
  /** Where it is mentioned first, and whether it is ever defined. */
  line: number;
  isDefined: boolean;
}

/** An inventory while it is read, whatever it is written in. */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly faults: ErrorDetail[];
  /** Adds what a pattern stands for (`www[01:50]:2222`) to a group. */
  addHosts(pattern: string, group: string, line: number, variables: Variables): void;
  addGroup(name: string, line: number, parent?: string): void;
  /** Mentions a group that must be defined somewhere. Returns it. */
  mention(name: string, line: number): Group;
  /** The groups a host is in, itself or through others, the outermost first; `all` and `ungrouped` go without saying. */
  groupsOf(host: Host): string[];
  /** A host's variables, with those of its groups: what is closer to the host wins. */
  variablesOf(host: Host): Variables;
  /** Adds the faults that show only at the end. */
  finish(): void;
}

export function createInventory(): Inventory {
  const hosts = new Map<string, Host>();
  const groups = new Map<string, Group>();
  const faults: ErrorDetail[] = [];
  const depths = new Map<string, number>();
  let namedHosts = 0;
  let givenVariables = 0;

  const mention = (name: string, line: number): Group => {
    const group = groups.get(name) ?? { parents: new Set(), variables: new Map(), line, isDefined: false };
    groups.set(name, group);
    return group;
  };
  for (const name of ['all', 'ungrouped']) mention(name, 1).isDefined = true;

  /** The longest way down from `all`, as Ansible counts. @param below the groups passed on the way up */
  const depthOf = (name: string, below: string[] = []): number => {
    const found = depths.get(name);
    if (found !== undefined) return found;
    const group = groups.get(name);
    if (below.length > maxGroups) throw tooDeep(name, group);
    if (below.includes(name)) {
      const message = `"${name}" is a child of itself; take one of the groups ${below.join(', ')} out of the circle`;
      if (group) faults.push({ line: group.line, field: 'children', message });
      group?.parents.clear();
      return 0;
    }
    const parents = [...(group?.parents ?? [])].map((parent) => depthOf(parent, [...below, name]));
    const depth = name === 'all' ? 0 : 1 + parents.reduce((deepest, one) => Math.max(deepest, one), 0);
    if (depth > maxGroups) throw tooDeep(name, group);
    depths.set(name, depth);
    return depth;
  };
  const ancestorsOf = (names: Iterable<string>, found = new Set<string>()): Set<string> => {
    for (const name of names) {
      if (found.has(name)) continue;
      found.add(name);
      ancestorsOf(groups.get(name)?.parents ?? [], found);
    }
    return found;
  };
  const inOrder = (host: Host): string[] =>
    [...ancestorsOf(host.groups)].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));

  return {
    hosts,
    faults,
    mention,
    addHosts(pattern, group, line, variables) {
      const [, names = pattern, port] = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(pattern) ?? [];
      if (names.length > maxPattern) {
        return void faults.push({ line, field: 'host', message: `is over ${maxPattern} characters` });
      }
      const expanded = expandPattern(names);
      if (typeof expanded === 'string') return void faults.push({ line, field: 'host', message: expanded });
      namedHosts += expanded.length;
      givenVariables += expanded.length * variables.size;
      const tooMany =
        namedHosts > maxHosts ? `${maxHosts} hosts` : givenVariables > maxVariables ? `${maxVariables} variables` : '';
      if (tooMany) {
        const message = `the inventory stands for over ${tooMany} up to here; split it`;
        throw new FormFault({ line, field: 'host', message });
      }
      mention(group, line);
      for (const name of expanded) {
        const host = hosts.get(name) ?? { line, groups: new Set(), variables: new Map() };
        hosts.set(name, host);
        host.groups.add(group);
        if (port) host.variables.set('ansible_port', Number(port));
        for (const [key, value] of variables) host.variables.set(key, value);
      }
    },
    addGroup(name, line, parent) {
      const group = mention(name, line);
      group.isDefined = true;
      if (parent !== undefined && parent !== 'all') group.parents.add(parent);
    },
    groupsOf: (host) => inOrder(host).filter((name) => name !== 'all' && name !== 'ungrouped'),
    variablesOf(host) {
      const merged: Variables = new Map(groups.get('all')?.variables);
      for (const name of inOrder(host)) {
        for (const [key, value] of groups.get(name)?.variables ?? []) merged.set(key, value);
      }
      for (const [key, value] of host.variables) merged.set(key, value);
      return merged;
    },
    finish() {
      for (const [name, { line, isDefined }] of groups) {
        if (!isDefined)
          faults.push({
            line,
            field: name,
            message: `is no group of this inventory; add [${name}] or correct its name`,
          });
        depthOf(name);
      }
    },
  };
}

function tooDeep(name: string, group: Group | undefined): FormFault {
  return new FormFault({ line: group?.line, field: name, message: `is nested deeper than ${maxGroups} groups` });
}
