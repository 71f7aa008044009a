import type { Messages } from '../catalogue.ts';

export const push: Messages['push'] = {};
