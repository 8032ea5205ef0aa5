export { createTerminals } from './api.ts';
