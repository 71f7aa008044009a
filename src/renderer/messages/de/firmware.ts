import type { Messages } from '../catalogue.ts';

export const firmware: Messages['firmware'] = {};
