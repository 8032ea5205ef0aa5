export { type DiscoverOptions, type Discovery, discover, kindId } from './discover.ts';
export type { DiscoveredKind } from './discovered.ts';
export { type ClusterIdentity, readIdentity } from './identity.ts';
export { type DiscoveryWatch, followDiscovery, type WatchDiscoveryOptions, watchDiscovery } from './watchDiscovery.ts';
