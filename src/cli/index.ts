#!/usr/bin/env node
import { main } from './main.ts';
import { interrupted } from './until-stopped.ts';

process.exitCode = await main(process.argv.slice(2));
// What was left behind, such as a read that never ends, must not hold up the end.
if (process.exitCode === interrupted) process.stdout.write('', () => process.exit());
