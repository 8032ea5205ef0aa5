export { createFleetApi } from './api.ts';
export { createApplied } from './applied.ts';
export { agreed, type Confirm, confirmed, sourceQuestion } from './confirm.ts';
export { createFleet, type Fleet } from './fleet.ts';
export type { ApiRequest, ApiResponse, ClusterStreams, FleetCluster, OpenClusters } from './openClusters.ts';
export type { ClusterTransport, DiscoveryListener, FleetOptions, FleetSnapshots, FollowDiscovery } from './ports.ts';
export { createUserColumns, type UserColumns } from './userColumns.ts';
