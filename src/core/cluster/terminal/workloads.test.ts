import { describe, expect, test } from 'vitest';
import type { Pod } from './model.ts';
import { bestFirst, labelSelector } from './workloads.ts';

const pod = (
  name: string,
  created: string,
  more: { ready?: boolean; phase?: string; leaving?: boolean } = {},
): Pod => ({
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: created,
    ...(more.leaving && { deletionTimestamp: created }),
  },
  status: {
    phase: more.phase ?? 'Running',
    conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }],
  },
});

describe('the pods of a workload', () => {
  test('are those that run, ready ones first, of those the newest', () => {
    const pods = [
      pod('starting', '2026-03-03T00:00:00Z', { ready: false }),
      pod('old', '2026-01-01T00:00:00Z'),
      pod('leaving', '2026-03-02T00:00:00Z', { leaving: true }),
      pod('done', '2026-03-02T00:00:00Z', { phase: 'Succeeded' }),
      pod('new-b', '2026-02-01T00:00:00Z'),
      pod('new-a', '2026-02-01T00:00:00Z'),
    ];
    expect(bestFirst(pods).map(({ metadata }) => metadata.name)).toEqual(['new-a', 'new-b', 'old', 'starting']);
  });

  test.each([
    [undefined, ''],
    [{}, ''],
    [{ app: 'web', tier: 'front' }, 'app=web,tier=front'],
    [{ matchLabels: { app: 'web' } }, 'app=web'],
    [
      {
        matchLabels: { app: 'web' },
        matchExpressions: [
          { key: 'tier', operator: 'In', values: ['a', 'b'] },
          { key: 'zone', operator: 'NotIn', values: ['x'] },
          { key: 'track', operator: 'Exists' },
          { key: 'old', operator: 'DoesNotExist' },
        ],
      },
      'app=web,tier in (a,b),zone notin (x),track,!old',
    ],
  ])('are selected by %j', (selector, text) => expect(labelSelector(selector)).toBe(text));
});
