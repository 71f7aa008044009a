import type { Messages } from '../catalogue.ts';

export const slots: Messages['slots'] = {};
