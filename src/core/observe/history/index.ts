export { historyApi } from './api.ts';
export { createHistory, type History } from './history.ts';
export { observeTables } from './observeTables.ts';
export { historyMigrations, versionColumns } from './tables.ts';
