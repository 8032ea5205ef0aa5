export { appendColumns, bytesOf, type ColumnData } from './columns.ts';
export { Commits } from './commits.ts';
export { hasStore } from './file.ts';
export type { Migration } from './migrations.ts';
export { openStore, type Store, type StoreConnection, type StoreRow, type StoreValue } from './store.ts';
export { TableWriter, type WriterColumn } from './writer.ts';
