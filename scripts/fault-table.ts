/** `node scripts/fault-table.ts`: writes docs/faults.md from the table that the tests run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../test/faults/table.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'faults.md'), markdown());
