import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

const file = join(import.meta.dirname, 'RESULTS.md');

/** Adds a result to RESULTS.md, under the date, the commit and the machine it comes from, and prints it. */
export function record(name: string, lines: string[]): void {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const entry = [`## ${name}, ${date}, ${commit}`, '', machine(), '', ...lines, ''].join('\n');
  appendFileSync(file, `\n${entry}`);
  console.log(entry);
}

function machine(): string {
  const memoryGib = (totalmem() / 1024 ** 3).toFixed(0);
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${cpus().length} × ${model}, ${memoryGib} GiB, Linux ${release()}, Node ${process.version}`;
}
