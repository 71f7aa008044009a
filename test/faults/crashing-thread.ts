/** A transfer worker that crashes at certain jobs; it is the real one in all else. */
import { parentPort } from 'node:worker_threads';
import type { ToWorker } from '../../src/main/delivery/worker/protocol.ts';

parentPort?.on('message', (message: ToWorker) => {
  if (message.type !== 'deliver') return;
  if (message.job.files[0]?.remotePath === '/exit') process.exit(3);
  if (message.job.files[0]?.remotePath === '/throw') throw new Error('a fault that nobody caught');
  if (message.job.files[0]?.remotePath === '/memory') fillMemory();
});

await import('../../src/main/delivery/worker/thread.ts');

function fillMemory(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array(1024 * 1024).fill(kept.length));
}
