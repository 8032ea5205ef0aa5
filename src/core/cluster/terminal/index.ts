export { terminalApi } from './api.ts';
