export { appendColumns, bytesOf, type ColumnData } from './columns.ts';
export { Commits } from './commits.ts';
export type { Migration } from './migrations.ts';
export { openStore, type Store, type StoreRow } from './store.ts';
export { TableWriter, type WriterColumn } from './writer.ts';
