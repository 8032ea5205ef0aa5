import { expect, it } from 'vitest';
import { judgeHealth } from './health.ts';

const pods = { healthy: 10, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 5 };
const nodes = { total: 10, ready: 10 };
const facts = { state: 'live', reason: undefined, nodes, pods, asOf: null } as const;

it.each([
  [{}, 'healthy', 'Healthy'],
  [{ pods: { ...pods, failed: 3 }, nodes: { total: 10, ready: 9 } }, 'warning', '3 pods failing, 1 node not ready'],
  [{ pods: { ...pods, failed: 10 } }, 'failed', '10 pods failing'],
  [{ nodes: { total: 3, ready: 2 } }, 'failed', '1 node not ready'],
  [{ pods: { ...pods, warning: 1, unknown: 2 } }, 'warning', '1 pod with warnings, 2 pods in an unknown state'],
  [{ pods: { ...pods, progressing: 4 } }, 'healthy', '4 pods starting'],
  [{ nodes: { total: 0, ready: 0 } }, 'warning', 'It has no nodes'],
  [{ nodes: null }, 'healthy', 'Healthy'],
  [{ nodes: null, pods: null }, 'unknown', 'Neither nodes nor pods may be seen'],
  [{ state: 'stale', reason: 'Nothing heard for 10 s' }, 'unknown', 'Nothing heard for 10 s'],
  [{ state: 'idle' }, 'stopped', 'Not opened'],
  [{ state: 'idle', asOf: Date.UTC(2026, 0, 2, 3, 4) }, 'stopped', 'Not opened; as of 2026-01-02 03:04 UTC'],
  [{ state: 'connecting' }, 'progressing', 'Connecting'],
  [{ state: 'unreachable', reason: 'refused' }, 'unknown', 'refused'],
] as const)('%j is %s: %s', (change, tone, health) => {
  expect(judgeHealth({ ...facts, ...change })).toEqual({ tone, health });
});
