/** One cluster of the demo fleet. */
export interface ClusterPlan {
  name: string;
  version: string;
  region: string;
  zones: readonly string[];
  /** Pools of equal nodes. */
  pools: readonly NodePool[];
  /** Factor on the catalogue's replicas. */
  size: number;
  /** Numbered namespaces with a small copy of the shop, for branches under review. */
  previews: number;
  /** Only the apps of these namespaces run here; absent: of all. */
  runs?: readonly string[];
  /** What the demo's user may see; absent: everything. */
  namespaces?: readonly string[];
}

export interface NodePool {
  name: string;
  count: number;
  cpu: number;
  memoryGi: number;
  machine: string;
  architecture: 'amd64' | 'arm64';
}

const control = (count: number): NodePool => ({
  name: 'control-plane',
  count,
  cpu: 4,
  memoryGi: 16,
  machine: 'm-standard-4',
  architecture: 'amd64',
});

export const clusterPlans: readonly ClusterPlan[] = [
  {
    name: 'prod-eu-west',
    version: '1.37.2',
    region: 'eu-west-1',
    zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    pools: [
      control(3),
      { name: 'general', count: 15, cpu: 16, memoryGi: 64, machine: 'm-standard-16', architecture: 'amd64' },
      { name: 'memory', count: 4, cpu: 16, memoryGi: 128, machine: 'r-highmem-16', architecture: 'amd64' },
    ],
    size: 2.3,
    previews: 0,
  },
  {
    name: 'prod-us-east',
    version: '1.36.4',
    region: 'us-east-2',
    zones: ['us-east-2a', 'us-east-2b'],
    pools: [
      control(3),
      { name: 'general', count: 11, cpu: 16, memoryGi: 64, machine: 'm-standard-16', architecture: 'arm64' },
      { name: 'memory', count: 3, cpu: 16, memoryGi: 128, machine: 'r-highmem-16', architecture: 'arm64' },
    ],
    size: 1.7,
    previews: 0,
  },
  {
    name: 'staging',
    version: '1.37.2',
    region: 'eu-west-1',
    zones: ['eu-west-1a', 'eu-west-1b'],
    pools: [
      control(1),
      { name: 'general', count: 6, cpu: 16, memoryGi: 64, machine: 'm-standard-16', architecture: 'amd64' },
    ],
    size: 0.45,
    previews: 8,
  },
  {
    name: 'edge-berlin',
    version: '1.35.7',
    region: 'berlin',
    zones: ['rack-1'],
    pools: [control(1), { name: 'box', count: 4, cpu: 4, memoryGi: 16, machine: 'edge-box', architecture: 'arm64' }],
    size: 0.1,
    previews: 0,
    runs: ['store', 'catalog', 'identity', 'ingress-nginx', 'cert-manager', 'monitoring', 'logging', 'kube-system'],
  },
  {
    name: 'dev',
    version: '1.36.1',
    region: 'eu-central-1',
    zones: ['eu-central-1a'],
    pools: [
      control(1),
      { name: 'general', count: 7, cpu: 8, memoryGi: 32, machine: 'm-standard-8', architecture: 'amd64' },
    ],
    size: 0.15,
    previews: 10,
    namespaces: ['checkout', 'payments', 'preview-1', 'preview-2', 'preview-3'],
  },
];
