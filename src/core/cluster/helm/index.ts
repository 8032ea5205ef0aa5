export { helmApi } from './api.ts';
export { createHelm } from './helm.ts';
