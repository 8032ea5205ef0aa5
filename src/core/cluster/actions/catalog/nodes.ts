import { setTimeout as wait } from 'node:timers/promises';
import { KubeSageError, toErrorValue } from '../../../kernel/errors.ts';
import { type Action, at, integerOf, type KubeObject, mergePatch, type Subject, textOf } from '../model.ts';

const kinds = ['nodes'];
const patch: Action['needs'] = () => [{ verb: 'patch', group: '', resource: 'nodes' }];

function cordonAction(id: 'cordon' | 'uncordon', title: string, unschedulable: true | null): Action {
  return {
    id,
    title,
    kinds,
    bulk: true,
    when: { column: { nodes: 'unschedulable' }, is: unschedulable === null },
    needs: patch,
    describe: (name) => `${title} ${name}`,
    async perform(subject, _, context) {
      await mergePatch(subject, context, { spec: { unschedulable } });
      return unschedulable === null ? 'Takes pods again' : 'Takes no new pods';
    },
  };
}

export const cordon = cordonAction('cordon', 'Cordon', true);
export const uncordon = cordonAction('uncordon', 'Uncordon', null);

interface Pod extends KubeObject {
  spec: { nodeName?: string; volumes?: { name: string; emptyDir?: unknown }[] };
}

interface Sorted {
  evicted: Pod[];
  /** Why each of the others stays, and whether that stops the drain. */
  kept: { pod: Pod; why: string; stops: boolean }[];
}

interface DrainOptions {
  force: boolean;
  deleteEmptyDir: boolean;
}

/** Which pods a drain takes away; the same rules as `kubectl drain --ignore-daemonsets`. */
function sortPods(pods: readonly Pod[], { force, deleteEmptyDir }: DrainOptions): Sorted {
  const sorted: Sorted = { evicted: [], kept: [] };
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const phase = at(pod, 'status', 'phase');
    const emptyDir = pod.spec.volumes?.some((volume) => volume.emptyDir !== undefined) === true;
    const keep = (why: string, stops: boolean) => sorted.kept.push({ pod, why, stops });
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) keep('is a static pod', false);
    else if (owner?.kind === 'DaemonSet') keep('belongs to a DaemonSet', false);
    else if (phase === 'Succeeded' || phase === 'Failed') sorted.evicted.push(pod);
    else if (owner === undefined && !force) keep('has no owner that would replace it', true);
    else if (emptyDir && !deleteEmptyDir) keep('keeps data in an emptyDir, which would be lost', true);
    else sorted.evicted.push(pod);
  }
  return sorted;
}

/** Between two questions: a budget that blocks may give way at any time. */
const againMs = 2_000;

async function podsOn(subject: Subject, signal: AbortSignal): Promise<Pod[]> {
  const path = `${subject.pathOf('pods', '')}?fieldSelector=spec.nodeName%3D${encodeURIComponent(subject.ref.name)}`;
  return (await subject.get<{ items: Pod[] }>(path, signal)).items;
}

export const drain: Action = {
  id: 'drain',
  title: 'Drain',
  kinds,
  bulk: true,
  danger: true,
  needs: (kind) => [
    ...patch(kind),
    { verb: 'list', group: '', resource: 'pods', namespace: '' },
    { verb: 'create', group: '', resource: 'pods', subresource: 'eviction', namespace: '' },
  ],
  fields: () => [
    {
      id: 'timeoutMinutes',
      label: 'Give up after minutes',
      type: 'integer',
      required: true,
      value: 10,
      min: 1,
      max: 1440,
    },
    {
      id: 'deleteEmptyDir',
      label: 'Lose the data of emptyDir volumes',
      type: 'boolean',
      required: false,
      value: false,
    },
    {
      id: 'orphans',
      label: 'Evict pods that nothing replaces',
      type: 'boolean',
      required: false,
      value: false,
    },
  ],
  notes: () => ['Disruption budgets are respected: a pod that must not go yet is asked for again until time is up.'],
  describe: (name) => `Drain ${name}`,
  async perform(subject, values, context) {
    const { signal, say, send, dryRun } = context;
    const minutes = integerOf({ timeoutMinutes: 10, ...values }, 'timeoutMinutes', { min: 1, max: 1440 });
    const options = { force: values.orphans === true, deleteEmptyDir: values.deleteEmptyDir === true };
    const { evicted, kept } = sortPods(await podsOn(subject, signal), options);
    const stopping = kept.filter(({ stops }) => stops);
    const [first] = stopping;
    if (first !== undefined) {
      const { namespace = '', name } = first.pod.metadata;
      throw new KubeSageError(
        'conflict',
        `${stopping.length} ${stopping.length === 1 ? 'pod keeps' : 'pods keep'} it from being drained: ${namespace}/${name} ${first.why}`,
        { hint: 'Allow it in the options, or take care of these pods first.' },
      );
    }
    await mergePatch(subject, context, { spec: { unschedulable: true } });
    if (dryRun) {
      say(`${evicted.length} pods would be evicted, ${kept.length} stay`);
      for (const { metadata } of evicted.slice(0, 50)) say(`Evicts ${metadata.namespace}/${metadata.name}`);
      return undefined;
    }
    const deadline = Date.now() + minutes * 60_000;
    const left = new Map(evicted.map((pod) => [pod.metadata.uid ?? '', pod]));
    const asked = new Set<string>();
    while (left.size > 0) {
      signal.throwIfAborted();
      let blocked = '';
      for (const [uid, pod] of left) {
        const { name, namespace = '' } = pod.metadata;
        if (asked.has(uid)) continue;
        try {
          await send({
            object: { ...subject.ref, kind: 'pods', namespace, name, uid },
            subject: null,
            request: {
              method: 'POST',
              path: `${subject.pathOf('pods', namespace, name)}/eviction`,
              body: {
                apiVersion: 'policy/v1',
                kind: 'Eviction',
                metadata: { name, namespace },
                deleteOptions: { preconditions: { uid } },
              },
            },
          });
          asked.add(uid);
        } catch (error) {
          const { code, message } = toErrorValue(error);
          if (code === 'notFound' || code === 'conflict') asked.add(uid);
          // 429: a budget does not allow it now.
          else if (code === 'tooMany') blocked = `${namespace}/${name}: ${message}`;
          else throw error;
        }
      }
      const there = new Set((await podsOn(subject, signal)).map((pod) => pod.metadata.uid ?? ''));
      for (const uid of left.keys()) if (!there.has(uid)) left.delete(uid);
      const gone = evicted.length - left.size;
      say(`${gone} of ${evicted.length} pods are gone${blocked === '' ? '' : `. Blocked: ${blocked}`}`);
      if (left.size === 0) break;
      if (Date.now() > deadline) {
        throw new KubeSageError(
          'timeout',
          `${left.size} pods are still there after ${minutes} minutes${blocked === '' ? '' : `. ${blocked}`}`,
          {
            hint: 'The node stays cordoned. Undo takes that back.',
          },
        );
      }
      await wait(againMs, undefined, { signal });
    }
    return `${evicted.length} pods evicted, ${kept.length} stayed`;
  },
};

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export const taint: Action = {
  id: 'taint',
  title: 'Add or change a taint',
  kinds,
  bulk: true,
  needs: patch,
  fields: () => [
    { id: 'key', label: 'Key', type: 'text', required: true },
    { id: 'value', label: 'Value', type: 'text', required: false },
    {
      id: 'effect',
      label: 'Effect',
      type: 'choice',
      required: true,
      value: 'NoSchedule',
      options: [
        { value: 'NoSchedule', label: 'NoSchedule: no new pods' },
        { value: 'PreferNoSchedule', label: 'PreferNoSchedule: new pods only when nothing else fits' },
        { value: 'NoExecute', label: 'NoExecute: running pods go, too' },
        { value: 'none', label: 'Take the taint away' },
      ],
    },
  ],
  describe: (name, { key, effect }) =>
    effect === 'none' ? `Take the taint ${key} from ${name}` : `Taint ${name} with ${key}`,
  async perform(subject, values, context) {
    const key = textOf(values, 'key');
    const effect = textOf(values, 'effect');
    const node = await subject.get<KubeObject>(subject.path, context.signal);
    const others = ((at(node, 'spec', 'taints') ?? []) as Taint[]).filter(
      (each) => each.key !== key || (effect !== 'none' && each.effect !== effect),
    );
    const value = typeof values.value === 'string' && values.value !== '' ? { value: values.value } : {};
    const taints = effect === 'none' ? others : [...others, { key, ...value, effect }];
    await mergePatch(subject, context, { spec: { taints: taints.length === 0 ? null : taints } });
    return effect === 'none' ? 'Taken away' : 'Tainted';
  },
};
