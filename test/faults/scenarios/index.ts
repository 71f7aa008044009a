import { commands } from './commands.ts';
import { gettingIn } from './getting-in.ts';
import { links } from './links.ts';
import { storage } from './storage.ts';

export type { Bench, Scenario } from './scenario.ts';

export const scenarios = { ...links, ...gettingIn, ...storage, ...commands };
