export { crdsApi } from './api.ts';
