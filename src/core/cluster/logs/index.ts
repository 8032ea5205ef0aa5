export { createLogs } from './api.ts';
