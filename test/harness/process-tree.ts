import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Ends a server and the processes of its connections, which are in sessions of their own. */
export function endWithChildren(child: ChildProcess): void {
  for (const pid of treeOf(child.pid ?? 0).reverse()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function treeOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children.flatMap(treeOf)];
  } catch {
    return [pid];
  }
}
