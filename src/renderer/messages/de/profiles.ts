import type { Messages } from '../catalogue.ts';

export const profiles: Messages['profiles'] = {};
