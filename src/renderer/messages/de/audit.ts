import type { Messages } from '../catalogue.ts';

export const audit: Messages['audit'] = {};
