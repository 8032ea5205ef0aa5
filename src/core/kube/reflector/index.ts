export { createWatchers, type WatchersOptions } from './createWatchers.ts';
export type { Watchers, WatchTarget } from './watchers.ts';
