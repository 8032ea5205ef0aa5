export { type About, systemApi } from './api.ts';
export { MemoryWatch, readMemory, type Sheddable } from './memory.ts';
export { type Notice, Notices } from './notices.ts';
