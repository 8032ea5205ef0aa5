export { topologyApi } from './api.ts';
