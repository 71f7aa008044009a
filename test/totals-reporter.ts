import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends the output with the totals on a line of their own, for people and machines that read the end first. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[], reason: string): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((found) => found === state).length;
    // A file that could not be loaded, a hook that threw or an error between tests has no test of its own.
    const brokenModules = modules.filter((module) => module.state() === 'failed' && !hasFailedTest(module)).length;
    const failed = count('failed') + brokenModules + unhandledErrors.length;
    const unexplained = reason !== 'passed' && failed === 0 ? 1 : 0;
    process.once('exit', () => {
      if (count('skipped') > 0) process.stdout.write(`${count('skipped')} skipped\n`);
      process.stdout.write(`${count('passed')} passed, ${failed + unexplained} failed\n`);
    });
  }
}

function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests('failed')].length > 0;
}
