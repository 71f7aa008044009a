export { formatOf } from '../../../shared/list-format.ts';
export { toCell } from './csv/cell.ts';
export { writeCsv } from './csv/write.ts';
export { writeJson } from './json/write.ts';
export { readList } from './read-list.ts';
export type { ListSource } from './text.ts';
