export { topologyApi } from './api.ts';
export type { Sources } from './topology.ts';
export { WatchedRows } from './watchedRows.ts';
