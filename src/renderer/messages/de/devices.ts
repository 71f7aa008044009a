import type { Messages } from '../catalogue.ts';

export const devices: Messages['devices'] = {
  table: {},
  search: {},
  columns: {},
  facets: {},
  selection: {},
};
