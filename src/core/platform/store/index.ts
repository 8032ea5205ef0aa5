export type { Migration } from './migrations.ts';
export { openStore, type Store, type StoreRow } from './store.ts';
export { TableWriter, type WriterColumn } from './writer.ts';
