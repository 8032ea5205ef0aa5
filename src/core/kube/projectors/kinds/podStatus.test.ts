import { describe, expect, it } from 'vitest';
import { builtInSchema, createProjector } from '../index.ts';
import { jsonRow } from '../testing.ts';

const schema = builtInSchema('pods');
if (schema === undefined) throw new Error('no schema of pods');
const projector = createProjector(schema);

const running = { running: { startedAt: '2026-03-01T10:00:00Z' } };
const waiting = (reason: string): object => ({ waiting: { reason } });
const ended = (exitCode: number, reason = '', signal = 0): object => ({ terminated: { exitCode, reason, signal } });
const status = (name: string, state: object, more: object = {}): object => ({
  name,
  state,
  ready: false,
  restartCount: 0,
  ...more,
});

interface Case {
  what: string;
  phase?: string;
  reason?: string;
  containers?: string[];
  /** Names; an asterisk makes it a sidecar. */
  init?: string[];
  statuses?: object[];
  initStatuses?: object[];
  conditions?: object[];
  deleting?: boolean;
  /** Ready, status, restarts, tone. */
  expected: [string, string, number, number];
}

// The cases of TestPrintPod and its kin (kubernetes/kubernetes, pkg/printers/internalversion/printers_test.go), and tones.
const cases: Case[] = [
  {
    what: 'up with more containers than statuses',
    containers: ['a', 'b'],
    statuses: [status('a', running, { ready: true, restartCount: 6 }), status('b', {}, { restartCount: 3 })],
    expected: ['1/2', 'Running', 9, 2],
  },
  {
    what: 'waiting for its image',
    phase: 'Pending',
    statuses: [status('a', waiting('ContainerCreating'))],
    expected: ['0/1', 'ContainerCreating', 0, 1],
  },
  {
    what: 'an image that cannot be had',
    phase: 'Pending',
    statuses: [status('a', waiting('ImagePullBackOff'))],
    expected: ['0/1', 'ImagePullBackOff', 0, 3],
  },
  {
    what: 'unscheduled',
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ],
    expected: ['0/1', 'Pending', 0, 3],
  },
  {
    what: 'gated',
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
    expected: ['0/1', 'SchedulingGated', 0, 5],
  },
  { what: 'new', phase: 'Pending', expected: ['0/1', 'Pending', 0, 1] },
  {
    what: 'killed',
    statuses: [status('a', ended(137, 'OOMKilled'), { restartCount: 2 })],
    expected: ['0/1', 'OOMKilled', 2, 3],
  },
  { what: 'ended by a signal', statuses: [status('a', ended(130, '', 2))], expected: ['0/1', 'Signal:2', 0, 3] },
  { what: 'ended with a code', statuses: [status('a', ended(3))], expected: ['0/1', 'ExitCode:3', 0, 3] },
  {
    what: 'done',
    phase: 'Succeeded',
    statuses: [status('a', ended(0, 'Completed'))],
    expected: ['0/1', 'Completed', 0, 5],
  },
  { what: 'evicted', phase: 'Failed', reason: 'Evicted', expected: ['0/1', 'Evicted', 0, 3] },
  {
    what: 'one done, one running and ready',
    containers: ['a', 'b'],
    statuses: [status('a', ended(0, 'Completed')), status('b', running, { ready: true })],
    conditions: [{ type: 'Ready', status: 'True' }],
    expected: ['1/2', 'Running', 0, 2],
  },
  {
    what: 'one done, one running, the pod not ready',
    containers: ['a', 'b'],
    statuses: [status('a', ended(0, 'Completed')), status('b', running, { ready: true })],
    expected: ['1/2', 'NotReady', 0, 2],
  },
  {
    what: 'one done, one failed',
    containers: ['a', 'b'],
    statuses: [status('a', ended(0, 'Completed')), status('b', ended(1, 'Error'))],
    expected: ['0/2', 'Error', 0, 3],
  },
  {
    what: 'going',
    deleting: true,
    statuses: [status('a', running, { ready: true })],
    expected: ['1/1', 'Terminating', 0, 5],
  },
  {
    what: 'going and done',
    deleting: true,
    phase: 'Succeeded',
    statuses: [status('a', ended(0, 'Completed'))],
    expected: ['0/1', 'Completed', 0, 5],
  },
  { what: 'on a lost node', deleting: true, reason: 'NodeLost', expected: ['0/1', 'Unknown', 0, 4] },
  {
    what: 'the second init container runs',
    phase: 'Pending',
    init: ['i', 'j'],
    initStatuses: [status('i', ended(0, 'Completed'), { restartCount: 1 }), status('j', running, { restartCount: 2 })],
    statuses: [status('a', waiting('PodInitializing'))],
    expected: ['0/1', 'Init:1/2', 3, 1],
  },
  {
    what: 'an init container crashes',
    phase: 'Pending',
    init: ['i'],
    initStatuses: [status('i', waiting('CrashLoopBackOff'), { restartCount: 4 })],
    expected: ['0/1', 'Init:CrashLoopBackOff', 4, 3],
  },
  {
    what: 'an init container failed',
    phase: 'Pending',
    init: ['i'],
    initStatuses: [status('i', ended(2))],
    expected: ['0/1', 'Init:ExitCode:2', 0, 3],
  },
  {
    what: 'a sidecar that runs counts, restarts of init containers do not once it is up',
    init: ['i', 'side*'],
    initStatuses: [
      status('i', ended(0, 'Completed'), { restartCount: 5 }),
      status('side', running, { ready: true, started: true, restartCount: 1 }),
    ],
    statuses: [status('a', running, { ready: true, restartCount: 2 })],
    expected: ['2/2', 'Running', 3, 0],
  },
  {
    what: 'a sidecar that has not started holds the pod up',
    phase: 'Pending',
    init: ['side*'],
    initStatuses: [status('side', running, { started: false })],
    expected: ['0/2', 'Init:0/1', 0, 1],
  },
];

describe('status of a pod', () => {
  it.each(cases)(
    '$what',
    ({ phase = 'Running', reason, containers = ['a'], init = [], deleting, expected, ...rest }) => {
      const row = jsonRow(projector, {
        metadata: { name: 'pod', ...(deleting ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}) },
        spec: {
          containers: containers.map((name) => ({ name })),
          initContainers: init.map((name) => ({
            name: name.replace('*', ''),
            ...(name.endsWith('*') ? { restartPolicy: 'Always' } : {}),
          })),
        },
        status: {
          phase,
          reason,
          conditions: rest.conditions,
          containerStatuses: rest.statuses,
          initContainerStatuses: rest.initStatuses,
        },
      });
      expect([row?.ready, row?.status, row?.restarts, row?.tone]).toEqual(expected);
    },
  );
});
