import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchBuilder, batchRows } from '../columns/batchBuilder.ts';
import { encodeLabels } from '../columns/schema.ts';
import { encodeMessage } from './generic/encode.ts';
import { pods } from './kinds/pod.ts';
import { createBuiltInProjector } from './projector.ts';
import { protobufRow } from './testing.ts';

const type = 'k8s.io.api.core.v1.Pod';
const byParts = createBuiltInProjector(pods, pods.schema);
const whole = createBuiltInProjector({ ...pods, shared: undefined }, pods.schema);

const word = fc.constantFrom('', 'a', 'b', 'web', 'mesh-proxy', 'ä'.repeat(3));
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const quantities = some(
  fc.record({ cpu: some(fc.constantFrom('100m', '2', '1e3')), memory: some(fc.constantFrom('1Gi', '64Mi')) }),
);
const resources = some(fc.record({ requests: quantities, limits: quantities }));
const reference = some(fc.record({ name: word, key: word }));
const container = fc.record({
  name: word,
  image: word,
  args: fc.array(word, { maxLength: 2 }),
  restartPolicy: some(fc.constantFrom('Always', 'OnFailure')),
  resources,
  env: fc.array(
    fc.record({
      name: word,
      value: word,
      valueFrom: some(fc.record({ secretKeyRef: reference, configMapKeyRef: reference })),
    }),
    { maxLength: 3 },
  ),
  envFrom: fc.array(fc.record({ secretRef: some(fc.record({ name: word })) }), { maxLength: 2 }),
});
const instant = fc.integer({ min: 1, max: 3000 }).map((day) => new Date(day * 864e5).toISOString().replace('.000', ''));
const ended = some(
  fc.record({
    exitCode: fc.constantFrom(0, 1, 137),
    signal: fc.constantFrom(0, 9),
    reason: fc.constantFrom('', 'OOMKilled', 'Completed', 'Error'),
    message: word,
    startedAt: instant,
    finishedAt: instant,
    containerID: word,
  }),
);
const containerStatus = fc.record({
  name: word,
  ready: fc.boolean(),
  restartCount: fc.integer({ min: 0, max: 300 }),
  started: some(fc.boolean()),
  imageID: word,
  state: some(
    fc.record({
      running: some(fc.record({ startedAt: instant })),
      waiting: some(fc.record({ reason: fc.constantFrom('', 'CrashLoopBackOff', 'PodInitializing'), message: word })),
      terminated: ended,
    }),
  ),
  lastState: some(fc.record({ terminated: ended })),
});
const podSpec = fc.record({
  volumes: fc.array(
    fc.record({
      name: word,
      secret: some(fc.record({ secretName: word })),
      configMap: some(fc.record({ name: word })),
      emptyDir: some(fc.record({ medium: word })),
      persistentVolumeClaim: some(fc.record({ claimName: word })),
    }),
    { maxLength: 3 },
  ),
  containers: fc.array(container, { maxLength: 3 }),
  initContainers: fc.array(container, { maxLength: 2 }),
  nodeName: word,
  serviceAccountName: word,
  hostNetwork: fc.boolean(),
  priorityClassName: word,
  priority: some(fc.integer({ min: -5, max: 2_000_000_000 })),
  overhead: quantities,
  imagePullSecrets: fc.array(fc.record({ name: word }), { maxLength: 2 }),
  readinessGates: fc.array(fc.record({ conditionType: word }), { maxLength: 2 }),
  resources,
});
const podStatus = fc.record({
  phase: fc.constantFrom('', 'Running', 'Pending', 'Succeeded', 'Failed'),
  reason: fc.constantFrom('', 'Evicted', 'NodeLost'),
  message: word,
  qosClass: fc.constantFrom('', 'Burstable'),
  nominatedNodeName: word,
  podIP: fc.constantFrom('', '10.1.2.3'),
  startTime: some(instant),
  conditions: fc.array(
    fc.record({
      type: fc.constantFrom('Ready', 'Initialized', 'PodScheduled', 'web'),
      status: fc.constantFrom('True', 'False'),
      reason: fc.constantFrom('', 'SchedulingGated', 'Unschedulable'),
      message: word,
      lastTransitionTime: instant,
    }),
    { maxLength: 4 },
  ),
  initContainerStatuses: fc.array(containerStatus, { maxLength: 2 }),
  containerStatuses: fc.array(containerStatus, { maxLength: 3 }),
});
const pod = fc
  .record({
    metadata: fc.record({
      name: fc.constantFrom('one', 'two'),
      namespace: word,
      uid: fc.uuid(),
      resourceVersion: fc.constantFrom('1', '22'),
      deletionTimestamp: some(instant),
      labels: some(fc.dictionary(fc.constantFrom('app', 'z', 'k/ä'), word)),
    }),
    spec: some(podSpec),
    status: some(podStatus),
  })
  // As JSON has it: what is absent is no property.
  .map((object): unknown => JSON.parse(JSON.stringify(object)));

/** One sample may go through all the parts' caches of the samples before it: that is what is tested. */
describe('pods by parts', () => {
  it('make the rows that whole pods make', () => {
    fc.assert(
      fc.property(pod, (object) => {
        const bytes = encodeMessage(type, object);
        expect(protobufRow(byParts, bytes)).toEqual(protobufRow(whole, bytes));
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
    );
  });

  it('make the same rows when dictionaries change under them', () => {
    fc.assert(
      fc.property(fc.array(pod, { minLength: 1, maxLength: 6 }), (objects) => {
        const one = new BatchBuilder(pods.schema);
        const other = new BatchBuilder(pods.schema);
        const expected = new BatchBuilder(pods.schema);
        for (const object of objects) {
          const bytes = encodeMessage(type, object);
          for (const builder of [one, other]) byParts.fromProtobuf(bytes, 0, bytes.length, builder, 0);
          whole.fromProtobuf(bytes, 0, bytes.length, expected, 0);
        }
        const rows = batchRows(pods.schema, [expected.take(0)]);
        expect(batchRows(pods.schema, [one.take(0)])).toEqual(rows);
        expect(batchRows(pods.schema, [other.take(0)])).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('read a pod whose spec comes twice as a whole', () => {
    const first = encodeMessage(type, {
      metadata: { name: 'p' },
      spec: { nodeName: 'n1', containers: [{ name: 'a' }] },
    });
    const second = encodeMessage(type, { spec: { containers: [{ name: 'b' }, { name: 'c' }] } });
    const bytes = Uint8Array.from([...first, ...second]);
    const row = protobufRow(byParts, bytes);
    expect(row).toEqual(protobufRow(whole, bytes));
    expect(row).toMatchObject({ containercount: 2, node: '' });
  });
});

describe('labels', () => {
  const key = fc.constantFrom('app', 'a', 'b', '1', '10', '2', '__proto__x', 'k/ä', 'z.io/name', 'z');
  it('are the same text from protobuf in any order as from JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(key, word), fc.boolean(), (labels, sorted) => {
        const names = Object.keys(labels);
        if (sorted) names.sort();
        const object = {
          metadata: { name: 'p', labels: Object.fromEntries(names.map((name) => [name, labels[name]])) },
        };
        const row = protobufRow(byParts, encodeMessage(type, object));
        expect(row?.labels).toBe(encodeLabels(object.metadata.labels as Record<string, string>));
      }),
      { numRuns: 300 },
    );
  });
});
