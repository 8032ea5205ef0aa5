export { historyApi } from './api.ts';
export { createHistory, type History } from './history.ts';
export { observeTables } from './observeTables.ts';
export type { PastVersion } from './recorder.ts';
export { historyMigrations } from './tables.ts';
