import { describe, expect, it } from 'vitest';
import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import { forbiddenReason, kindTitle, sectionsOf } from './sections.ts';

function row(part: Partial<KindRow>): KindRow {
  return {
    key: 'k',
    id: part.resource ?? 'k',
    group: '',
    version: 'v1',
    resource: 'pods',
    kind: 'Pod',
    namespaced: true,
    verbs: [],
    shortNames: [],
    categories: [],
    custom: false,
    section: 'Workloads',
    clusters: ['a', 'b'],
    forbidden: [],
    count: null,
    failing: null,
    ...part,
  };
}

describe('titles of kinds', () => {
  it.each([
    ['Pod', 'pods', 'Pods'],
    ['NetworkPolicy', 'networkpolicies', 'NetworkPolicies'],
    ['Ingress', 'ingresses', 'Ingresses'],
    ['Endpoints', 'endpoints', 'Endpoints'],
    ['CSIDriver', 'csidrivers', 'CSIDrivers'],
    ['ENIConfig', 'eniconfigs', 'ENIConfigs'],
  ])('%s', (kind, resource, title) => expect(kindTitle({ kind, resource })).toBe(title));
});

describe('sections', () => {
  it('come in their usual order, custom resources by group after them', () => {
    const sections = sectionsOf([
      row({ section: 'Custom resources', custom: true, group: 'z.io', kind: 'Zeta' }),
      row({ section: 'Network', kind: 'Service' }),
      row({ section: 'Custom resources', custom: true, group: 'a.io', kind: 'Beta' }),
      row({ section: 'Custom resources', custom: true, group: 'a.io', kind: 'Alpha' }),
      row({ section: 'Workloads' }),
      row({ section: 'Something new', kind: 'Thing' }),
    ]);
    expect(sections.map(({ name, kinds }) => [name, kinds.map((kind) => kind.kind)])).toEqual([
      ['Workloads', ['Pod']],
      ['Network', ['Service']],
      ['Something new', ['Thing']],
      ['a.io', ['Alpha', 'Beta']],
      ['z.io', ['Zeta']],
    ]);
  });
});

describe('kinds within a section', () => {
  const idsOf = (kinds: readonly Partial<KindRow>[]) =>
    sectionsOf(kinds.map((kind) => row({ section: 'Cluster', ...kind }))).map(({ name, kinds: shown }) => [
      name,
      shown.map((kind) => kind.id),
    ]);

  it('come by how often they are looked at, the machinery apart', () => {
    expect(idsOf([{ id: 'leases', kind: 'Lease' }, { id: 'namespaces' }, { id: 'nodes' }])).toEqual([
      ['Cluster', ['nodes', 'namespaces']],
      ['Control plane', ['leases']],
    ]);
  });

  it('are listed once, and only where they can be watched', () => {
    expect(
      idsOf([{ id: 'events.events.k8s.io' }, { id: 'events' }, { id: 'pods.metrics.k8s.io', group: 'metrics.k8s.io' }]),
    ).toEqual([['Cluster', ['events']]]);
    expect(idsOf([{ id: 'events.events.k8s.io' }])).toEqual([['Cluster', ['events.events.k8s.io']]]);
  });
});

describe('a forbidden kind', () => {
  it('is one that may be listed nowhere', () => {
    expect(forbiddenReason(row({ forbidden: [{ cluster: 'a', reason: 'no' }] }))).toBeUndefined();
    const both = [
      { cluster: 'a', reason: 'no a' },
      { cluster: 'b', reason: 'no b' },
    ];
    expect(forbiddenReason(row({ forbidden: both }))).toBe('no a');
    expect(forbiddenReason(row({ clusters: [], forbidden: [] }))).toBeUndefined();
  });
});
