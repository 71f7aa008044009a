import type { Messages } from '../catalogue.ts';

export const updates: Messages['updates'] = {};
