/** `npm run bench -- NAME`: measures Pushrod against its peer, prints both, and adds the result to RESULTS.md. */
const benchmarks: Record<string, () => Promise<{ run(): Promise<void> }>> = {
  'sftp-single': () => import('./sftp-single.ts'),
  connect: () => import('./connect.ts'),
  'sftp-latency': () => import('./sftp-latency.ts'),
  'sftp-fleet': () => import('./sftp-fleet.ts'),
  'exec-single': () => import('./exec-single.ts'),
  resume: () => import('./resume.ts'),
  delta: () => import('./delta.ts'),
  'rate-limit': () => import('./rate-limit.ts'),
  'http-fleet': () => import('./http-fleet.ts'),
  updates: () => import('./updates.ts'),
  memory: () => import('./memory.ts'),
  registry: () => import('./registry.ts'),
  schedules: () => import('./schedules.ts'),
  ui: () => import('./ui.ts'),
};

const [name = ''] = process.argv.slice(2);
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load) {
  await (await load()).run();
} else {
  console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
}
