import type { Messages } from '../catalogue.ts';
import { audit } from './audit.ts';
import { commands } from './commands.ts';
import { common } from './common.ts';
import { devices } from './devices.ts';
import { errors } from './errors.ts';
import { firmware } from './firmware.ts';
import { profiles } from './profiles.ts';
import { push } from './push.ts';
import { schedules } from './schedules.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { slots } from './slots.ts';
import { states } from './states.ts';
import { updates } from './updates.ts';

export const de: Messages = {
  audit,
  commands,
  common,
  devices,
  errors,
  firmware,
  profiles,
  push,
  schedules,
  settings,
  shell,
  slots,
  states,
  updates,
};
