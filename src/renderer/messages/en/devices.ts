export const devices = {
  table: {},
  search: {},
  columns: {},
  facets: {},
  selection: {},
};
