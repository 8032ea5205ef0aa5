import { expect, test } from 'vitest';
import type { Namespace } from '../../../core/cluster/namespaces/contract.ts';
import { findNamespaces, namespacesCsv, shareTone } from './model.ts';

const namespace = (name: string, part: Partial<Namespace> = {}): Namespace => ({
  key: `a/${name}`,
  cluster: 'a',
  clusterName: 'prod-a',
  name,
  tone: 'healthy',
  status: 'Active',
  reason: '',
  created: 0,
  labels: {},
  owner: '',
  podSecurity: '',
  pods: 0,
  podTones: { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 },
  cpuRequested: 0,
  memoryRequested: 0,
  cpuLimit: 0,
  memoryLimit: 0,
  quotas: [],
  limitRanges: [],
  policies: 0,
  ingress: 'open',
  egress: 'open',
  bindings: 0,
  ...part,
});

const names = (rows: readonly Namespace[]) => rows.map(({ name }) => name);
const all = { text: '', sort: 'name', descending: false } as const;

test('words are found in names, owners and labels; the order is the one asked for', () => {
  const quota = { quota: 'q', resource: 'pods', used: '9', hard: '10', share: 0.9 };
  const rows = [
    namespace('b', { pods: 3, labels: { env: 'prod' } }),
    namespace('a', { owner: 'web', quotas: [quota] }),
    namespace('c', { pods: 7, owner: 'data' }),
  ];
  expect(names(findNamespaces(rows, all))).toEqual(['a', 'b', 'c']);
  expect(names(findNamespaces(rows, { ...all, descending: true }))).toEqual(['c', 'b', 'a']);
  expect(names(findNamespaces(rows, { ...all, sort: 'pods' }))).toEqual(['c', 'b', 'a']);
  expect(names(findNamespaces(rows, { ...all, sort: 'quota' }))).toEqual(['a', 'b', 'c']);
  // Without an owner they come last.
  expect(names(findNamespaces(rows, { ...all, sort: 'owner' }))).toEqual(['c', 'a', 'b']);
  expect(names(findNamespaces(rows, { ...all, text: 'env=PROD' }))).toEqual(['b']);
});

test('a quota is marked when it is nearly used, and where nothing is allowed there is nothing to mark', () => {
  expect([0.2, 0.9, 1, 1.5, null].map((share) => shareTone({ share }))).toEqual([
    'healthy',
    'warning',
    'failed',
    'failed',
    'neutral',
  ]);
});

test('CSV runs nothing in a spreadsheet', () => {
  const [, line] = namespacesCsv([namespace('@x', { owner: 'a,b' })]).split('\r\n');
  expect(line).toBe(`'@x,prod-a,"a,b",Active,0,0,0,,,open,open,,1970-01-01T00:00:00.000Z`);
});
