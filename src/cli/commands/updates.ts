import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  type AuditCheck,
  type AuditEntry,
  type DeviceId,
  type Recovery,
  type ReportFormat,
  reportFormat,
  type Update,
  type UpdateId,
  type UpdateLimits,
  type UpdateState,
  updateState,
} from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { follow } from '../follow.ts';
import { writeOut, writeOutFile } from '../out-file.ts';
import { collect } from '../selector.ts';
import { printableLines, table } from '../table.ts';
import { parseRate, parseWhole } from '../units.ts';

const states = updateState.options;

const auditPage = 10_000;

export function addUpdateCommands(program: Command, { terminal, run }: CommandContext): void {
  const updates = program.command('updates').description('Pushes that run, and those that ran');

  /** Asks for something, says what came of it, and leaves. */
  const ask = (updateId: UpdateId, wish: (client: PushrodClient) => Promise<unknown>) =>
    run(
      async (client) => {
        await wish(client);
        const { update } = await client.updates.get({ updateId });
        terminal.document(update, () => `${update.name} is ${update.state} (${countsOf(update)}).`);
      },
      { repeatable: true },
    );
  /** Asks for something that makes an update go on, and follows it to its end. */
  const goOn = (updateId: UpdateId, wish: (client: PushrodClient) => Promise<unknown>) =>
    run(
      async (client) => {
        await wish(client);
        return follow(client, updateId, terminal, { cancelOnInterrupt: true });
      },
      { shared: true },
    );

  const showCheck = (check: AuditCheck): number => {
    const { entries, isWhole, firstBadId, head } = check;
    const whole = `The audit log is whole: ${entries} entries, of which the last has the hash ${head}.`;
    const broken = `The audit log was tampered with or damaged: entry ${firstBadId} is missing or is not what was recorded.`;
    terminal.document(check, () => (isWhole ? whole : broken));
    return isWhole ? 0 : 1;
  };

  updates
    .command('list')
    .description('List updates, the newest first: updates list --state interrupted')
    .addOption(new Option('--state <state>', 'in this state').choices(states))
    .action(({ state }: { state?: UpdateState }) =>
      run(
        async (client) => {
          const found = (await client.updates.list()).updates.filter(
            (one) => state === undefined || one.state === state,
          );
          terminal.document({ updates: found }, () =>
            table(
              ['ID', 'NAME', 'STATE', 'DEVICES', 'STARTED'],
              found.map((one) => [one.id, one.name, one.state, countsOf(one), one.createdAt]),
            ),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('show <id>')
    .description('Show an update and each of its devices: updates show ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          const found = await client.updates.get({ updateId });
          terminal.document(found, () =>
            [
              `${found.update.name}: ${found.update.state} (${countsOf(found.update)})`,
              ...(found.update.reason === null ? [] : [found.update.reason]),
              table(
                ['DEVICE', 'ADDRESS', 'STATE', 'ATTEMPTS', 'ERROR', 'MESSAGE'],
                found.devices.map((one) => [
                  one.deviceName,
                  one.address,
                  one.state,
                  one.attempt,
                  one.errorCode,
                  one.message,
                ]),
              ),
            ].join('\n'),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('outputs <id>')
    .description('Show what the commands of the profiles said on the devices: updates outputs ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          const { outputs } = await client.updates.outputs({ updateId });
          const { devices } = await client.updates.get({ updateId });
          const names = new Map(devices.map((device) => [device.deviceId, device.deviceName]));
          terminal.document({ outputs }, () =>
            outputs
              .map((one) => {
                const ended = one.exitCode === null ? 'ended by a signal' : `exit code ${one.exitCode}`;
                const head = `${names.get(one.deviceId)}, ${one.step}, ${one.at}: ${one.command} (${ended})`;
                return printableLines([head, ...one.output.split('\n').map((line) => `  ${line}`)].join('\n'));
              })
              .join('\n'),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('report <id>')
    .description('Write the proof of an update: updates report ID --format html --out report.html')
    .addOption(
      new Option('--format <format>', 'a page to print, a row for each device, or all of it')
        .choices(reportFormat.options)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'into this file instead of to standard output')
    .action((updateId: UpdateId, { format, out }: { format: ReportFormat; out?: string }) =>
      run(
        async (client, signal) => {
          const { fileName, content } = await client.updates.report({ updateId, format });
          if (out !== undefined) {
            const characters = await writeOutFile(out, 'out', Readable.from([content]), signal);
            terminal.document({ file: resolve(out), characters }, () => `Wrote ${out}.`);
          } else if (terminal.json && format !== 'json') terminal.jsonLine({ fileName, content });
          else await writeOut(Readable.from([content]), signal);
        },
        { shared: true },
      ),
    );

  updates
    .command('watch <id>')
    .description('Follow an update to its end: updates watch ID')
    .action((updateId: UpdateId) =>
      run((client) => follow(client, updateId, terminal, { cancelOnInterrupt: false }), { repeatable: true }),
    );

  updates
    .command('cancel <id>')
    .description('Cancel an update, from any terminal: updates cancel ID')
    .action((updateId: UpdateId) => ask(updateId, (client) => client.updates.cancel({ updateId })));

  updates
    .command('pause <id>')
    .description('Begin no further device: updates pause ID')
    .option('--cut', 'cut off what is under way as well; it goes on where it was')
    .action((updateId: UpdateId, { cut }: { cut?: boolean }) =>
      ask(updateId, (client) => client.updates.pause({ updateId, underWay: cut ? 'cut' : 'finish' })),
    );

  updates
    .command('resume <id>')
    .description('Go on with a paused or interrupted update and follow it: updates resume ID')
    .action((updateId: UpdateId) => goOn(updateId, (client) => client.updates.resume({ updateId })));

  updates
    .command('approve <id>')
    .description('Let the next phase begin and follow it: updates approve ID')
    .action((updateId: UpdateId) => goOn(updateId, (client) => client.updates.approve({ updateId })));

  updates
    .command('retry <id>')
    .description('Try the devices again that did not succeed: updates retry ID --failed')
    .option('--failed', 'only those that failed, not what was cancelled or skipped')
    .option('--device <id>', 'only this device; repeatable', collect)
    .action((updateId: UpdateId, { failed, device }: { failed?: boolean; device?: DeviceId[] }) =>
      goOn(updateId, (client) =>
        client.updates.retry({ updateId, which: failed ? 'failed' : 'all', deviceIds: device }),
      ),
    );

  updates
    .command('activate <id>')
    .description('Activate what is staged and follow it: updates activate ID')
    .action((updateId: UpdateId) => goOn(updateId, (client) => client.updates.activate({ updateId })));

  updates
    .command('skip <id>')
    .description('Leave devices out: updates skip ID --device gw-7')
    .requiredOption('--device <id>', 'this device; repeatable', collect)
    .action((updateId: UpdateId, { device }: { device: DeviceId[] }) =>
      ask(updateId, (client) => client.updates.skip({ updateId, deviceIds: device })),
    );

  updates
    .command('audit')
    .description('Show what happened and who did it: updates audit --since 2026-11-25T00:00:00Z | --verify')
    .option('--since <time>', 'entries from this time on')
    .option('--verify', 'see that nothing was changed, taken out or moved since it was recorded')
    .action(({ since, verify }: { since?: string; verify?: boolean }) =>
      run(
        async (client) => {
          if (verify) return showCheck(await client.audit.verify());
          const entries = await entriesSince(client, since);
          terminal.document({ entries }, () =>
            table(
              ['TIME', 'WHO', 'WHAT', 'WHICH', 'ACTION', 'DETAIL'],
              entries.map((one) => [one.at, one.actor, one.subject, one.subjectId, one.action, one.detail]),
            ),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('recovery [what]')
    .description('Show or set what becomes of interrupted updates when Pushrod is opened to stay: wait, or resume')
    .action((what?: string) =>
      run(
        async (client) => {
          if (what !== undefined) await client.recovery.set({ interrupted: recoveryOf(what) });
          const found = await client.recovery.get();
          terminal.document(found, () =>
            found.interrupted === 'resume' ? 'Interrupted updates go on by themselves.' : 'Interrupted updates wait.',
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('limits <id>')
    .description('Change how an update runs: updates limits ID --concurrency 8 --rate-limit 5M')
    .option('--concurrency <n>', 'devices at the same time')
    .option('--rate-limit <rate>', 'bytes a second for all its devices; "off" for no limit')
    .action((updateId: UpdateId, flags: { concurrency?: string; rateLimit?: string }) =>
      ask(updateId, (client) => client.updates.setLimits({ updateId, limits: limitsOf(flags) })),
    );
}

/** All entries since a time, or from the beginning. */
async function entriesSince(client: PushrodClient, since: string | undefined): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (;;) {
    const { entries } = await client.audit.list({ since, after: found.at(-1)?.id, limit: auditPage });
    found.push(...entries);
    if (entries.length < auditPage) return found;
  }
}

function recoveryOf(what: string): Recovery['interrupted'] {
  if (what === 'wait' || what === 'resume') return what;
  const message = `"${what}" is neither wait nor resume`;
  throw new PushrodError('INVALID_INPUT', `recovery: ${message}`, [{ field: 'recovery', message }]);
}

function limitsOf({ concurrency, rateLimit }: { concurrency?: string; rateLimit?: string }): UpdateLimits {
  const rate = rateLimit === 'off' ? null : rateLimit && parseRate(rateLimit, 'rate-limit');
  return {
    ...(concurrency && { concurrency: parseWhole(concurrency, 'concurrency', 1) }),
    ...(rate !== undefined && rate !== '' && { rateLimitBytesPerSecond: rate }),
  };
}

function countsOf({ counts }: Update): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
