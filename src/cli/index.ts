#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';

// Types are erased and modules compiled once, not at every command. In the common /tmp others could put code there.
const { directory } = module.enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/pushrod'));
// The threads look for it here.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;
const { main } = await import('./main.ts');
const { interrupted } = await import('./until-stopped.ts');

process.exitCode = await main(process.argv.slice(2));
// What was left behind, such as a read that never ends, must not hold up the end.
if (process.exitCode === interrupted) process.stdout.write('', () => process.exit());
