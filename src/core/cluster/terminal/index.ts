export { createTerminals } from './api.ts';
export { localShellQuestion, once } from './consent.ts';
