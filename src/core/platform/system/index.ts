export { type About, systemApi } from './api.ts';
export { type Notice, Notices } from './notices.ts';
