import type { Keep } from '../extract.ts';

/** Parts of a pod's row, as bits: its state, its template, its images. */
const state = 1;
const template = 2;
const images = 4;

function copied(into: number, ...tags: readonly number[]): Record<number, Keep> {
  return Object.fromEntries(tags.map((tag) => [tag, { keep: 'copy', into }]));
}

/** k8s.io/api/core/v1 Container: name 1, image 2, env 7 (valueFrom 3), resources 8, envFrom 19, restartPolicy 24. */
const container: Keep = {
  keep: 'message',
  into: state | template | images,
  fields: {
    ...copied(state, 10),
    ...copied(images, 18),
    // Values stay where they are.
    58: { keep: 'message', into: template, prune: true, fields: copied(template, 26) },
    ...copied(template, 66, 154),
    ...copied(state | template, 194),
  },
};

/** ContainerState: waiting 1, running 2, terminated 3 (exitCode 1, signal 2, reason 3, message 4, finishedAt 6). */
function containerState(ofTerminated: readonly number[], ...others: readonly Record<number, Keep>[]): Keep {
  return {
    keep: 'message',
    into: state,
    fields: Object.assign(
      { 26: { keep: 'message', into: state, fields: copied(state, ...ofTerminated) } satisfies Keep },
      ...others,
    ),
  };
}

/** ContainerStatus: name 1, state 2, lastState 3, ready 4, restartCount 5, started 9. */
const containerStatus: Keep = {
  keep: 'message',
  into: state,
  fields: {
    ...copied(state, 10, 32, 40, 72),
    18: containerState([8, 16, 26, 34], copied(state, 10), { 18: { keep: 'presence', into: state } }),
    26: containerState([8, 16, 26, 50]),
  },
};

/**
 * Which of a pod's fields make which part of its row, by tag (number * 8 + wire type); the same as in the kind's
 * `select`. The node, the address and the start are each pod's own.
 */
export const podFields: Readonly<Record<number, Keep>> = {
  // PodSpec: volumes 1 (volumeSource 2: secret 6, persistentVolumeClaim 10, configMap 19, projected 26), containers 2,
  // serviceAccountName 8, nodeName 10, hostNetwork 11, imagePullSecrets 15, initContainers 20, priorityClassName 24,
  // priority 25, readinessGates 28, overhead 32, resources 40.
  18: {
    keep: 'message',
    into: state | template | images,
    fields: {
      10: {
        keep: 'message',
        into: template,
        prune: true,
        fields: { 18: { keep: 'message', into: template, prune: true, fields: copied(template, 50, 82, 154, 210) } },
      },
      18: container,
      162: container,
      82: { keep: 'place', index: 0 },
      ...copied(template, 66, 88, 122, 194, 200, 258, 322),
      ...copied(state, 226),
    },
  },
  // PodStatus: phase 1, conditions 2 (type 1, status 2, reason 5, message 6), message 3, reason 4, podIP 6,
  // startTime 7, containerStatuses 8, qosClass 9, initContainerStatuses 10, nominatedNodeName 11.
  26: {
    keep: 'message',
    into: state,
    fields: {
      ...copied(state, 10, 26, 34, 74, 90),
      18: { keep: 'message', into: state, fields: copied(state, 10, 18, 42, 50) },
      50: { keep: 'place', index: 1 },
      58: { keep: 'place', index: 2 },
      66: containerStatus,
      82: containerStatus,
    },
  },
};
