import type { Messages } from '../catalogue.ts';

export const schedules: Messages['schedules'] = {};
