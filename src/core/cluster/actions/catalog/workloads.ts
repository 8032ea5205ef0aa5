import { KubeSageError } from '../../../kernel/errors.ts';
import { type Action, at, integerOf, type KubeObject, mergePatch, textOf } from '../model.ts';

const scalable = ['deployments.apps', 'statefulsets.apps', 'replicasets.apps', 'replicationcontrollers'];
const rolling = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];
const withTemplate = [...rolling, 'replicasets.apps'];

const patch: Action['needs'] = ({ group, resource }) => [{ verb: 'patch', group, resource }];

export const scale: Action = {
  id: 'scale',
  title: 'Scale',
  kinds: scalable,
  bulk: true,
  needs: ({ group, resource }) => [{ verb: 'patch', group, resource, subresource: 'scale' }],
  fields: (_, object) => [
    {
      id: 'replicas',
      label: 'Replicas',
      type: 'integer',
      required: true,
      min: 0,
      max: 100_000,
      ...(typeof at(object, 'spec', 'replicas') === 'number' && { value: at(object, 'spec', 'replicas') as number }),
    },
  ],
  describe: (name, { replicas }) => `Scale ${name} to ${replicas}`,
  async perform(subject, values, { send }) {
    const replicas = integerOf(values, 'replicas', { min: 0, max: 100_000 });
    await send({
      object: subject.ref,
      subject: subject.path,
      request: {
        method: 'PATCH',
        path: `${subject.path}/scale?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: { spec: { replicas } },
      },
    });
    return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'} wanted`;
  },
};

export const restart: Action = {
  id: 'restart',
  title: 'Restart',
  kinds: rolling,
  bulk: true,
  needs: patch,
  notes: () => ['Its pods are replaced as its update strategy says.'],
  describe: (name) => `Restart ${name}`,
  async perform(subject, _, context) {
    // What kubectl writes: both tools then show the same.
    const restartedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    await mergePatch(subject, context, {
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } } } },
    });
    return 'Its pods are being replaced';
  },
};

const paused = { 'deployments.apps': 'paused' };

export const pause: Action = {
  id: 'pause',
  title: 'Pause rollout',
  kinds: ['deployments.apps'],
  bulk: true,
  when: { column: paused, is: false },
  needs: patch,
  describe: (name) => `Pause the rollout of ${name}`,
  async perform(subject, _, context) {
    await mergePatch(subject, context, { spec: { paused: true } });
    return 'Changes of its template wait until it is resumed';
  },
};

export const resume: Action = {
  id: 'resume',
  title: 'Resume rollout',
  kinds: ['deployments.apps'],
  bulk: true,
  when: { column: paused, is: true },
  needs: patch,
  describe: (name) => `Resume the rollout of ${name}`,
  async perform(subject, _, context) {
    await mergePatch(subject, context, { spec: { paused: null } });
    return 'Resumed';
  },
};

interface Container {
  name: string;
  image?: string;
}

export const setImage: Action = {
  id: 'setImage',
  title: 'Set image',
  kinds: withTemplate,
  bulk: false,
  needs: patch,
  fields: (_, object) => {
    const containers = (at(object, 'spec', 'template', 'spec', 'containers') ?? []) as Container[];
    const [first] = containers;
    return [
      {
        id: 'container',
        label: 'Container',
        type: 'choice',
        required: true,
        options: containers.map(({ name, image = '' }) => ({ value: name, label: `${name} (${image})` })),
        ...(first !== undefined && { value: first.name }),
      },
      { id: 'image', label: 'Image', type: 'text', required: true, ...(first?.image && { value: first.image }) },
    ];
  },
  describe: (name, { container, image }) => `Set the image of ${container} in ${name} to ${image}`,
  async perform(subject, values, context) {
    const container = textOf(values, 'container');
    const image = textOf(values, 'image').trim();
    await context.send({
      object: subject.ref,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/strategic-merge-patch+json',
        body: { spec: { template: { spec: { containers: [{ name: container, image }] } } } },
      },
    });
    return `${container} runs ${image} once it is rolled out`;
  },
};

interface Revision {
  number: number;
  label: string;
  /** What it replaces the template with. */
  template: unknown;
}

/** The revisions that a workload can go back to, newest first, without the one that it has. */
async function revisionsOf(
  subject: Parameters<NonNullable<Action['fields']>>[0],
  object: KubeObject,
): Promise<Revision[]> {
  const { uid } = object.metadata;
  const owned = (item: KubeObject) => item.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
  const replicaSets = subject.ref.kind === 'deployments.apps';
  const list = await subject.get<{ items: (KubeObject & { revision?: number; data?: unknown })[] }>(
    subject.pathOf(replicaSets ? 'replicasets.apps' : 'controllerrevisions.apps', subject.ref.namespace),
  );
  const all = list.items.filter(owned).map((item): Revision & { current: boolean } => {
    const number = replicaSets
      ? Number(item.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
      : (item.revision ?? 0);
    const template = replicaSets ? withoutHash(at(item, 'spec', 'template')) : at(item.data, 'spec', 'template');
    const images = ((at(template, 'spec', 'containers') ?? []) as Container[]).map(({ image = '' }) => image);
    const cause = item.metadata.annotations?.['kubernetes.io/change-cause'];
    return {
      number,
      template,
      label: [`Revision ${number}`, images.join(', '), cause].filter(Boolean).join(' · '),
      current: false,
    };
  });
  const newest = Math.max(0, ...all.map(({ number }) => number));
  return all.filter(({ number }) => number !== newest).sort((a, b) => b.number - a.number);
}

function withoutHash(template: unknown): unknown {
  const copy = structuredClone(template) as { metadata?: { labels?: Record<string, string> } };
  delete copy.metadata?.labels?.['pod-template-hash'];
  return copy;
}

export const rollback: Action = {
  id: 'rollback',
  title: 'Roll back',
  kinds: rolling,
  bulk: false,
  needs: patch,
  async fields(subject, object) {
    const revisions = object === undefined ? [] : await revisionsOf(subject, object);
    const [first] = revisions;
    return [
      {
        id: 'revision',
        label: 'To revision',
        type: 'choice',
        required: true,
        options: revisions.map(({ number, label }) => ({ value: String(number), label })),
        ...(first !== undefined && { value: String(first.number) }),
        ...(first === undefined && { help: 'There is no earlier revision.' }),
      },
    ];
  },
  describe: (name, { revision }) => `Roll ${name} back to revision ${revision}`,
  async perform(subject, values, { send, signal }) {
    const wanted = textOf(values, 'revision');
    const object = await subject.get<KubeObject>(subject.path, signal);
    const revision = (await revisionsOf(subject, object)).find(({ number }) => String(number) === wanted);
    if (revision === undefined) {
      throw new KubeSageError('notFound', `There is no revision ${wanted} to go back to`, {
        hint: 'Old revisions are dropped after revisionHistoryLimit.',
      });
    }
    await send({
      object: subject.ref,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/json-patch+json',
        body: [{ op: 'replace', path: '/spec/template', value: revision.template }],
      },
    });
    return `Rolls back to revision ${wanted}`;
  },
};

export const trigger: Action = {
  id: 'trigger',
  title: 'Run now',
  kinds: ['cronjobs.batch'],
  bulk: true,
  needs: () => [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  describe: (name) => `Run ${name} now`,
  async perform(subject, _, { send, signal }) {
    const cronJob = await subject.get<KubeObject>(subject.path, signal);
    const { name, uid = '', namespace = '' } = cronJob.metadata;
    const template = at(cronJob, 'spec', 'jobTemplate') as {
      metadata?: { labels?: object; annotations?: object };
      spec?: unknown;
    };
    const job = `${name.slice(0, 43)}-manual-${Date.now().toString(36)}`;
    const collection = subject.pathOf('jobs.batch', namespace);
    await send({
      object: { ...subject.ref, kind: 'jobs.batch', name: job },
      subject: `${collection}/${job}`,
      request: {
        method: 'POST',
        path: `${collection}?fieldManager=kubesage`,
        body: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: job,
            namespace,
            labels: template.metadata?.labels,
            // As `kubectl create job --from` writes it.
            annotations: { ...template.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
            ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
          },
          spec: template.spec,
        },
      },
    });
    return `Job ${job} was created`;
  },
};

const suspended = { 'cronjobs.batch': 'suspend', 'jobs.batch': 'suspended' };
const suspendable = Object.keys(suspended);

export const suspend: Action = {
  id: 'suspend',
  title: 'Suspend',
  kinds: suspendable,
  bulk: true,
  when: { column: suspended, is: false },
  needs: patch,
  describe: (name) => `Suspend ${name}`,
  async perform(subject, _, context) {
    await mergePatch(subject, context, { spec: { suspend: true } });
    return 'Suspended';
  },
};

export const unsuspend: Action = {
  id: 'unsuspend',
  title: 'Resume',
  kinds: suspendable,
  bulk: true,
  when: { column: suspended, is: true },
  needs: patch,
  describe: (name) => `Resume ${name}`,
  async perform(subject, _, context) {
    await mergePatch(subject, context, { spec: { suspend: false } });
    return 'Resumed';
  },
};
