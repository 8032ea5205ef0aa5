export { historyApi } from './api.ts';
export { createHistory, type History } from './history.ts';
export type { ObservedTable } from './recorder.ts';
export { historyMigrations } from './tables.ts';
