export { historyApi } from './api.ts';
export { createHistory, type History } from './history.ts';
export { observeTables } from './observeTables.ts';
export { readCells } from './readCells.ts';
export { historyMigrations } from './tables.ts';
export { VersionWriter } from './versionWriter.ts';
