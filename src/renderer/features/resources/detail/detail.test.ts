import { describe, expect, it } from 'vitest';
import type { Relation } from '../../../../core/cluster/resources/contract.ts';
import { conditionTone } from './Conditions.tsx';
import { readContainers } from './containers.ts';
import { groupEvents } from './events.ts';
import { quantity } from './json.ts';
import { base64Bytes, sizeWord } from './kindFacts.tsx';
import { ownerChain, relationTree } from './relations.ts';

describe('quantities', () => {
  it.each([
    ['100m', 0.1],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['2e3', 2000],
    ['128974848', 128974848],
    ['1k', 1000],
    ['', undefined],
    ['lots', undefined],
  ])('%s is %s', (text, value) => expect(quantity(text)).toBe(value));
});

describe('containers', () => {
  it('put specification and status together, and never a value of the environment', () => {
    const [migrate, api] = readContainers(
      {
        initContainers: [{ name: 'migrate' }],
        containers: [
          {
            name: 'api',
            image: 'api:1',
            env: [
              { name: 'PLAIN', value: 'do not show' },
              { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
            ],
            readinessProbe: { httpGet: { path: '/ready', port: 80 }, failureThreshold: 1 },
          },
        ],
      },
      {
        initContainerStatuses: [{ name: 'migrate', state: { terminated: { exitCode: 0 } } }],
        containerStatuses: [
          {
            name: 'api',
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-23T10:00:00Z' } },
          },
        ],
      },
    );
    expect(migrate).toMatchObject({ role: 'init', tone: 'stopped', state: 'completed' });
    expect(api).toMatchObject({
      tone: 'failed',
      state: 'CrashLoopBackOff',
      restarts: 3,
      last: { reason: 'OOMKilled', exitCode: 137, at: Date.UTC(2026, 10, 23, 10) },
      env: [
        { name: 'PLAIN', from: '' },
        { name: 'KEY', from: 'Secret s/k' },
      ],
      probes: [{ kind: 'readiness', text: 'GET /ready on 80, every 10 s, 1 failure' }],
    });
    expect(JSON.stringify(api)).not.toContain('do not show');
  });

  it('read nothing from what is no pod', () => {
    expect(readContainers(undefined, undefined)).toEqual([]);
    expect(readContainers({ containers: 'text' }, 5)).toEqual([]);
  });
});

describe('conditions', () => {
  it('know which are good news when they are false', () => {
    expect(conditionTone('Ready', 'True')).toBe('healthy');
    expect(conditionTone('DiskPressure', 'False')).toBe('healthy');
    expect(conditionTone('DiskPressure', 'True')).toBe('warning');
    expect(conditionTone('Ready', 'Unknown')).toBe('unknown');
  });
});

describe('secrets', () => {
  it('show a size where one is told, and never the value', () => {
    expect(sizeWord('24 bytes')).toBe('24 B, not shown');
    expect(sizeWord('c2VjcmV0')).toBe('not shown');
    expect(base64Bytes('c2VjcmV0')).toBe(6);
    expect(base64Bytes('YQ==')).toBe(1);
  });
});

describe('events', () => {
  it('that say the same are one', () => {
    const event = { type: 'Warning', reason: 'BackOff', message: 'm', source: 'kubelet', object: {} as never };
    const groups = groupEvents([
      { ...event, key: '1', count: 2, first: 10, last: 20 },
      { ...event, key: '2', count: 3, first: 5, last: 50 },
      { ...event, key: '3', type: 'Normal', count: 1, first: 60, last: 60 },
    ]);
    expect(groups.map(({ type, count, first, last }) => [type, count, first, last])).toEqual([
      ['Normal', 1, 60, 60],
      ['Warning', 5, 5, 50],
    ]);
  });
});

describe('relations', () => {
  const row = (key: string, relation: Relation['relation'], parent: string | null): Relation => ({
    key,
    relation,
    parent,
    object: { cluster: 'c', kind: 'k', namespace: '', name: key },
    tone: 'healthy',
    status: '',
  });

  it('become a tree that shows every row once', () => {
    const rows = [
      row('self', 'self', 'set'),
      row('set', 'owner', 'app'),
      row('app', 'owner', null),
      row('svc', 'selectedBy', 'self'),
    ];
    const [root] = relationTree(rows);
    expect(root?.relation.key).toBe('app');
    expect(root?.children[0]?.children[0]?.children[0]?.relation.key).toBe('svc');
    expect(ownerChain(rows).map((owner) => owner.key)).toEqual(['app', 'set']);
  });

  it('survive rows that own each other', () => {
    const rows = [row('a', 'owner', 'b'), row('b', 'owner', 'a'), row('self', 'self', 'a')];
    const count = (nodes: ReturnType<typeof relationTree>): number =>
      nodes.reduce((sum, node) => sum + 1 + count(node.children), 0);
    expect(count(relationTree(rows))).toBe(3);
    expect(ownerChain(rows).map((owner) => owner.key)).toEqual(['b', 'a']);
  });
});
