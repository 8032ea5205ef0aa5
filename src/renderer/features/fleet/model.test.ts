import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { fakeClusters } from '../../client/fake/clusters.ts';
import {
  commandLine,
  compareClusters,
  countStates,
  fileRisks,
  grantingRule,
  groupClusters,
  groupTroubles,
  matchesFilter,
  minorVersion,
  ownRisks,
  sumClusters,
  usage,
} from './model.ts';

const clusters = fakeClusters(1_000_000_000_000);
const names = (rows: readonly Cluster[]) => rows.map((row) => row.name);
const filtered = (filter: string) => names(clusters.filter((cluster) => matchesFilter(cluster, filter)));

describe('the filter', () => {
  it('looks everywhere, for every word', () => {
    expect(filtered('eu-central-1')).toEqual(['shop-production']);
    expect(filtered('SHOP europe')).toEqual(['shop-production-eu2']);
  });

  it('looks in one field when it is named', () => {
    expect(filtered('state:idle')).toEqual(['kind-local', 'talos-home']);
    expect(filtered('group:lab state:unreachable')).toEqual(['edge-lab']);
  });

  it('takes an address with a colon as text', () => {
    expect(filtered('https://10.20')).toEqual(['edge-lab']);
  });
});

describe('the order', () => {
  it('has favourites first, then what wants attention', () => {
    const sorted = [...clusters].sort(compareClusters('health'));
    expect(names(sorted).slice(0, 4)).toEqual([
      'shop-production',
      'shop-production-eu2',
      'analytics',
      'payments-restricted',
    ]);
  });

  it('has the oldest version first and unknown ones last', () => {
    const rows = clusters.filter((cluster) => !cluster.favorite).sort(compareClusters('version'));
    expect(rows.map((row) => row.version).slice(0, 3)).toEqual(['v1.33.1', 'v1.34.2', 'v1.34.9']);
    expect(rows.at(-1)?.version).toBeNull();
  });

  it('does not depend on the order before', () => {
    for (const key of ['name', 'health', 'pods', 'cpu', 'memory', 'version'] as const) {
      expect([...clusters].reverse().sort(compareClusters(key))).toEqual([...clusters].sort(compareClusters(key)));
    }
  });
});

describe('groups', () => {
  it('are in order of name, clusters without one last', () => {
    const [first] = clusters;
    if (first === undefined) throw new Error('There are no clusters');
    const groups = groupClusters([{ ...first, group: '' }, ...clusters.slice(1)], 'group');
    expect(groups.map((group) => group.name)).toEqual([
      'Data',
      'Lab',
      'Partners',
      'Production',
      'Sandbox',
      'Staging',
      '',
    ]);
  });

  it('by state are in order of attention', () => {
    expect(countStates(clusters)).toEqual([
      { state: 'unauthenticated', count: 1 },
      { state: 'unreachable', count: 1 },
      { state: 'needsConsent', count: 1 },
      { state: 'stale', count: 1 },
      { state: 'forbidden', count: 1 },
      { state: 'connecting', count: 1 },
      { state: 'live', count: 4 },
      { state: 'idle', count: 2 },
    ]);
  });

  it('by version take the minor one', () => {
    expect(minorVersion('v1.36.1-gke.400')).toBe('v1.36');
    expect(minorVersion(null)).toBe('');
  });
});

describe('usage', () => {
  it('is a share, and not known without capacity', () => {
    const capacity = {
      cpuAllocatableMillicores: 4000,
      cpuRequestedMillicores: 1000,
      memoryAllocatableBytes: 0,
      memoryRequestedBytes: 0,
      podsAllocatable: 110,
    };
    expect(usage({ capacity }, 'cpu')).toBe(0.25);
    expect(usage({ capacity }, 'memory')).toBeUndefined();
    expect(usage({ capacity: null }, 'cpu')).toBeUndefined();
  });
});

describe('what is shown to be run or granted', () => {
  it('quotes what a shell would split', () => {
    expect(commandLine('aws', ['--profile', 'my team', "it's"])).toBe("aws --profile 'my team' 'it'\\''s'");
  });

  it('is a Role within a namespace and a ClusterRole without', () => {
    expect(grantingRule({ kind: 'deployments.apps', verb: 'list', namespace: 'shop' })).toBe(
      [
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: Role',
        'metadata:',
        '  name: view-deployments',
        '  namespace: shop',
        'rules:',
        '  - apiGroups: ["apps"]',
        '    resources: ["deployments"]',
        '    verbs: ["get", "list", "watch"]',
      ].join('\n'),
    );
    expect(grantingRule({ kind: 'nodes', verb: 'list', namespace: '' })).toContain('kind: ClusterRole\n');
  });
});

describe('the fleet at a glance', () => {
  const [first] = clusters;
  if (first === undefined) throw new Error('a cluster');
  const lost = (key: string, reason: string, part: Partial<Cluster> = {}): Cluster => ({
    ...first,
    key,
    name: key,
    state: 'unreachable',
    closed: false,
    reason,
    since: 5,
    ...part,
  });

  it('puts clusters with one trouble together, whatever their addresses', () => {
    const troubles = groupTroubles([
      lost('a', 'connect ECONNREFUSED 10.0.0.1:6443'),
      lost('b', 'connect ECONNREFUSED 10.0.0.2:6443', { since: 3 }),
      lost('c', 'no such host'),
      lost('d', 'it stopped answering', { state: 'stale' }),
      lost('e', 'the user', { state: 'stale', closed: true }),
      { ...first, state: 'live' },
    ]);
    expect(troubles.map(({ state, since, clusters: rows }) => [state, since, names(rows).join(' ')])).toEqual([
      ['unreachable', 3, 'a b'],
      ['unreachable', 5, 'c'],
      ['stale', 5, 'd'],
    ]);
  });

  it('adds up what is known', () => {
    const known = {
      nodes: { total: 3, ready: 2 },
      capacity: null,
      pods: { ...sumClusters([]).pods, failed: 1, healthy: 4 },
    };
    const nothing = { nodes: null, pods: null, capacity: null };
    const sum = sumClusters([
      { ...first, ...known },
      { ...first, ...known },
      { ...first, ...nothing },
    ]);
    expect([sum.known, sum.podTotal, sum.pods.failed, sum.nodesTotal, sum.nodesReady]).toEqual([2, 10, 2, 6, 4]);
  });
});

it('tells the risk of a file once, and that of a connection at its context', () => {
  const open = 'The file has credentials in it and other users of this computer may read it: chmod 600';
  const rows = [
    { source: '~/.kube/config', risks: [open] },
    { source: '~/.kube/config', risks: ['TLS is not verified', open] },
    { source: '~/.kube/lab.yaml', risks: ['TLS is not verified'] },
  ];
  expect(fileRisks(rows)).toEqual([{ source: '~/.kube/config', risks: [open] }]);
  expect(rows.map(ownRisks)).toEqual([[], ['TLS is not verified'], ['TLS is not verified']]);
});
