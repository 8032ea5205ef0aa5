import { describe, expect, it } from 'vitest';
import type { ListHead, ScopeState } from '../../../core/cluster/resources/contract.ts';
import { listParams, readListAddress, readRef, writeRef } from './address.ts';
import { readBricks } from './bricks.ts';
import { cellText, formatNumber, readFraction, readLabels, shortKey } from './cellText.ts';
import { emptyTrail, stepTrail, visitTrail } from './drawerTrail.ts';
import { pluralTitle } from './kinds.ts';
import { kubectlGet, shellWord } from './kubectl.ts';
import { grantingRole, listNotices, listPhase } from './scopes.ts';
import { columnsToAsk, offerColumns } from './useListColumns.ts';

const ref = { cluster: 'c1', kind: 'roles.rbac.authorization.k8s.io', namespace: '', name: 'system:a/b' };

describe('addresses', () => {
  it('carry any name there and back', () => {
    expect(readRef(writeRef(ref))).toEqual(ref);
    expect(readRef('only/three/parts')).toBeNull();
    expect(readRef('a/b/c/%zz')).toBeNull();
  });

  it('keep a list as it is looked at', () => {
    const address = {
      filter: 'is:failed',
      sort: [{ column: 'restarts', descending: true }],
      group: 'namespace',
      show: ref,
      tab: 'yaml' as const,
      view: null,
    };
    const params = Object.fromEntries(Object.entries(listParams(address)).filter(([, value]) => value !== undefined));
    expect(readListAddress(params as Record<string, string>)).toEqual(address);
    expect(listParams({ show: null })).toEqual({ show: undefined, tab: undefined });
  });
});

describe('cells', () => {
  it('write numbers with their units', () => {
    expect(formatNumber(250, 'millicores')).toBe('250m');
    expect(formatNumber(1.5 * 2 ** 30, 'bytes')).toBe('1.5 Gi');
    expect(formatNumber(1, 'flag')).toBe('yes');
    expect(formatNumber(1204, 'count')).toBe('1,204');
    expect(formatNumber(42.25, 'percent')).toBe('42.3 %');
  });

  it('become plain text for the clipboard', () => {
    expect(cellText('a=1\nb=2', { type: 'text' }, 'UTC')).toBe('a=1 b=2');
    expect(cellText(Date.UTC(2026, 10, 23, 14, 2, 11), { type: 'time' }, 'UTC')).toBe('2026-11-23 14:02:11');
    expect(cellText(null, { type: 'number' }, 'UTC')).toBe('');
  });

  it('read fractions, labels and bricks', () => {
    expect(readFraction('1/2')).toEqual({ part: 1, whole: 2 });
    expect(readFraction('1/2/3')).toBeNull();
    expect(readLabels('app=web\nempty=')).toEqual([
      { key: 'app', value: 'web' },
      { key: 'empty', value: '' },
    ]);
    expect(shortKey('app.kubernetes.io/name')).toBe('name');
    expect(readBricks('ie migrate\ncf api\nc? new')).toEqual([
      { role: 'init', tone: 'stopped', word: 'completed', name: 'migrate' },
      { role: 'container', tone: 'failed', word: 'failed', name: 'api' },
      { role: 'container', tone: 'unknown', word: 'unknown', name: 'new' },
    ]);
  });
});

const scope = (state: ScopeState['state'], part: Partial<ScopeState> = {}): ScopeState => ({
  cluster: state,
  state,
  since: 0,
  rows: 0,
  ...part,
});
const head = (part: Partial<ListHead>): ListHead => ({
  kind: 'pods',
  columns: [],
  available: [],
  total: 0,
  matched: 0,
  offset: 0,
  tones: { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 },
  scopes: [scope('live')],
  filterProblems: [],
  ...part,
});

describe('what a list without rows says', () => {
  it.each([
    [{ matched: 1, total: 1 }, 'rows'],
    [{ scopes: [] }, 'noClusters'],
    [{ total: 5 }, 'filtered'],
    [{ scopes: [scope('live'), scope('listing')] }, 'listing'],
    [{ scopes: [scope('live'), scope('forbidden')] }, 'empty'],
    [{ scopes: [scope('forbidden'), scope('unreachable')] }, 'forbidden'],
    [{ scopes: [scope('absent')] }, 'absent'],
    [{ scopes: [scope('absent'), scope('unreachable')] }, 'unreachable'],
  ] satisfies [Partial<ListHead>, string][])('%j is %s', (part, phase) => {
    expect(listPhase(head(part)).phase).toBe(phase);
  });

  it('tells what is missing from a list that has rows', () => {
    const scopes = [scope('live', { namespaces: ['a'] }), scope('stale'), scope('absent'), scope('forbidden')];
    expect(listNotices(head({ scopes })).map((notice) => notice.kind)).toEqual(['stale', 'forbidden', 'limited']);
  });

  it('names the rule that would grant it', () => {
    const cluster = grantingRole({ group: 'apps', resource: 'deployments' }, 'ana');
    expect(cluster).toContain('kind: ClusterRole\n');
    expect(cluster).toContain('apiGroups: ["apps"]');
    expect(grantingRole({ group: '', resource: 'pods' }, 'ana', 'shop')).toContain('  namespace: shop\n');
  });
});

describe('columns to ask for', () => {
  const column = (id: string, priority = 0) => ({ id, title: id, type: 'text' as const, priority });
  const available = [
    column('name'),
    column('namespace'),
    column('status'),
    column('reason', 1),
    column('restarts'),
    column('lastreason'),
    column('secretive', 2),
    column('cluster', 1),
  ];

  it('are the visible ones with those that they are drawn with', () => {
    expect(columnsToAsk(available, {}, true)).toEqual([
      'name',
      'namespace',
      'status',
      'restarts',
      'reason',
      'lastreason',
    ]);
    expect(columnsToAsk(available, { columns: ['status', 'gone'] }, true)).toEqual(['status', 'reason']);
    expect(columnsToAsk(undefined, {}, true)).toBeUndefined();
  });

  it('put the cluster after the namespace, and leave that out where there is none', () => {
    const many = offerColumns(available, { manyClusters: true, namespaced: true });
    expect(many.map((each) => each.id).slice(0, 4)).toEqual(['name', 'namespace', 'cluster', 'status']);
    expect(many.find((each) => each.id === 'cluster')?.priority).toBe(0);
    const nodes = offerColumns(available, { manyClusters: false, namespaced: false });
    expect(nodes.map((each) => each.id)).not.toContain('namespace');
    expect(nodes.map((each) => each.id)).not.toContain('secretive');
  });
});

describe('names and commands', () => {
  it('write kinds in the plural', () => {
    const kind = (id: string, kindName: string, resource: string) => ({
      byId: new Map([[id, { kind: kindName, resource }]]) as never,
    });
    expect(pluralTitle(kind('np', 'NetworkPolicy', 'networkpolicies'), 'np')).toBe('NetworkPolicies');
    expect(pluralTitle(kind('i', 'Ingress', 'ingresses'), 'i')).toBe('Ingresses');
    expect(pluralTitle(kind('e', 'Endpoints', 'endpoints'), 'e')).toBe('Endpoints');
    expect(pluralTitle({ byId: new Map() }, 'widgets.example.org')).toBe('Widgets');
  });

  it('quote for a shell', () => {
    expect(shellWord("it's")).toBe("'it'\\''s'");
    expect(kubectlGet({ context: 'admin@a b', kind: 'pods', namespace: 'shop', name: 'web' })).toBe(
      "kubectl --context 'admin@a b' -n shop get pods web -o yaml",
    );
  });
});

describe('the way through the drawer', () => {
  it('goes back and ahead, and forgets what was ahead after a turn', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ ...ref, name }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three objects');
    let trail = [a, b].reduce(visitTrail, emptyTrail);
    trail = stepTrail(trail, -1);
    expect(trail.refs[trail.at]).toBe(a);
    expect(visitTrail(trail, b)).toEqual({ refs: [a, b], at: 1 });
    expect(visitTrail(trail, c)).toEqual({ refs: [a, c], at: 1 });
    expect(stepTrail(trail, -1)).toBe(trail);
  });
});
