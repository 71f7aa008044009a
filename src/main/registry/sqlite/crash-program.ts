/** The program of crash.test.ts: imports the list FILE into the registry DATABASE, and is killed meanwhile. */
import { text } from 'node:stream/consumers';
import { importOptions } from '../../../shared/model/index.ts';
import { openRegistry } from '../worker/open-registry.ts';

const entry = new URL('../worker/thread.ts', import.meta.url);
const [file = '', list = ''] = (await text(process.stdin)).trim().split(' ');
const place = { kind: 'local' as const, file, backupDir: `${file}-backups` };
const devices = await openRegistry({ place, entry, onChange: () => undefined });
process.stdout.write('begun\n');
await devices.import({ path: list }, importOptions.parse({ format: 'csv', onConflict: 'update' }));
await devices.close();
