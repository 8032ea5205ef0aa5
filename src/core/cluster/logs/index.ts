export { createLogs } from './api.ts';
export { Captures } from './capture/captures.ts';
export { captureMigrations } from './capture/tables.ts';
