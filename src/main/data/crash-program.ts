/** The program that `crash.test.ts` kills. It waits for a line: `migrate FILE BACKUPS` or `restore FOLDER BACKUP`. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { things } from './crash-samples.ts';
import { registryMigrations } from './data-samples.ts';
import { openDatabase } from './database.ts';
import { restore } from './restore.ts';

for await (const line of createInterface(process.stdin)) {
  const [action, target = '', source = ''] = line.split(' ');
  writeSync(1, 'begun\n');
  if (action === 'migrate') openDatabase({ file: target, migrations: things, backupDir: source }).close();
  else await restore({ dataDir: target, from: source, registrySchema: registryMigrations.length });
}
