import { KubeSageError } from '../../../kernel/errors.ts';
import { type Action, at, type KubeObject, mergePatch, pairsOf, textOf } from '../model.ts';

const patch: Action['needs'] = ({ group, resource }) => [{ verb: 'patch', group, resource }];

/** Kinds whose objects other things depend on: said before they are deleted. */
const lossOf: Record<string, string> = {
  namespaces: 'Everything in the namespace is deleted with it.',
  persistentvolumeclaims: 'With the reclaim policy Delete, the data of its volume is deleted, too.',
  persistentvolumes: 'With the reclaim policy Delete, its data is deleted, too.',
  'customresourcedefinitions.apiextensions.k8s.io': 'All objects of the kind are deleted with it.',
  nodes: 'Its pods are taken for lost and replaced elsewhere; the machine goes on.',
};

export const remove: Action = {
  id: 'delete',
  title: 'Delete',
  bulk: true,
  danger: true,
  needs: ({ group, resource }) => [{ verb: 'delete', group, resource }],
  fields: () => [
    {
      id: 'propagation',
      label: 'Objects that it owns',
      type: 'choice',
      required: true,
      value: 'Background',
      options: [
        { value: 'Background', label: 'Delete them after it' },
        { value: 'Foreground', label: 'Delete them first' },
        { value: 'Orphan', label: 'Keep them' },
      ],
    },
    {
      id: 'force',
      label: 'Do not wait for it to end',
      type: 'boolean',
      required: false,
      value: false,
      help: 'The object is taken out of the API at once. Its containers may still run on a node that does not answer: two of the same name may run at the same time, which databases do not survive.',
    },
  ],
  notes(subject, object) {
    const finalizers = object?.metadata.finalizers ?? [];
    const since = object?.metadata.deletionTimestamp;
    return [
      ...(lossOf[subject.kind.id] === undefined ? [] : [lossOf[subject.kind.id] ?? '']),
      ...(finalizers.length === 0 ? [] : [`It goes when these have finished with it: ${finalizers.join(', ')}.`]),
      ...(since === undefined ? [] : [`It is being deleted already, since ${since}.`]),
      ...(object?.metadata.ownerReferences?.some(({ controller }) => controller === true) === true
        ? ['Its owner will replace it.']
        : []),
    ];
  },
  describe: (name) => `Delete ${name}`,
  async perform(subject, values, { send }) {
    const force = values.force === true;
    await send({
      object: subject.ref,
      request: {
        method: 'DELETE',
        path: subject.path,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: textOf({ propagation: 'Background', ...values }, 'propagation'),
          ...(force && { gracePeriodSeconds: 0 }),
          ...(subject.ref.uid !== undefined && { preconditions: { uid: subject.ref.uid } }),
        },
      },
    });
    return force ? 'Deleted' : 'Being deleted';
  },
};

function metadataAction(id: 'labels' | 'annotations', title: string, label: string): Action {
  return {
    id,
    title,
    bulk: true,
    needs: patch,
    fields: (_, object) => [
      {
        id,
        label,
        type: 'pairs',
        required: true,
        value: object?.metadata[id] ?? {},
        help: 'Keys that are taken out are taken from the object; with several objects, what is entered is added to each.',
      },
    ],
    describe: (name) => `Edit the ${id} of ${name}`,
    async perform(subject, values, context) {
      await mergePatch(subject, context, { metadata: { [id]: pairsOf(values, id) } });
      return 'Written';
    },
  };
}

export const labels = metadataAction('labels', 'Edit labels', 'Labels');
export const annotations = metadataAction('annotations', 'Edit annotations', 'Annotations');

export const evict: Action = {
  id: 'evict',
  title: 'Evict',
  kinds: ['pods'],
  bulk: true,
  danger: true,
  needs: () => [{ verb: 'create', group: '', resource: 'pods', subresource: 'eviction' }],
  notes: () => ['Unlike a deletion, it respects disruption budgets.'],
  describe: (name) => `Evict ${name}`,
  async perform(subject, _, { send }) {
    await send({
      object: subject.ref,
      subject: null,
      request: {
        method: 'POST',
        path: `${subject.path}/eviction`,
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: subject.ref.name, namespace: subject.ref.namespace },
        },
      },
    });
    return 'Evicted';
  },
};

function decide(id: 'approve' | 'deny', title: string, type: 'Approved' | 'Denied'): Action {
  return {
    id,
    title,
    kinds: ['certificatesigningrequests.certificates.k8s.io'],
    bulk: true,
    danger: id === 'approve',
    needs: ({ group, resource }) => [{ verb: 'update', group, resource, subresource: 'approval' }],
    describe: (name) => `${title} ${name}`,
    async perform(subject, _, { send, signal }) {
      const request = await subject.get<KubeObject>(subject.path, signal);
      const conditions = (at(request, 'status', 'conditions') ?? []) as { type: string }[];
      if (conditions.some((condition) => ['Approved', 'Denied'].includes(condition.type))) {
        throw new KubeSageError('conflict', 'It was decided on already');
      }
      const decided = {
        type,
        status: 'True',
        reason: `KubeSage${type}`,
        message: `${type} through KubeSage`,
        lastUpdateTime: new Date().toISOString(),
      };
      await send({
        object: subject.ref,
        subject: subject.path,
        // A decision stands: there is no way back.
        inverse: null,
        request: {
          method: 'PUT',
          path: `${subject.path}/approval`,
          body: { ...request, status: { ...request.status, conditions: [...conditions, decided] } },
        },
      });
      return type;
    },
  };
}

export const approve = decide('approve', 'Approve', 'Approved');
export const deny = decide('deny', 'Deny', 'Denied');

export const resizeVolume: Action = {
  id: 'resizeVolume',
  title: 'Resize volume',
  kinds: ['persistentvolumeclaims'],
  bulk: false,
  needs: patch,
  fields: (_, object) => {
    const size = at(object, 'spec', 'resources', 'requests', 'storage');
    return [
      {
        id: 'size',
        label: 'Size',
        type: 'quantity',
        required: true,
        ...(typeof size === 'string' && { value: size }),
        help: 'Volumes can only grow, and only where their storage class allows it.',
      },
    ];
  },
  describe: (name, { size }) => `Resize ${name} to ${size}`,
  async perform(subject, values, { send }) {
    const storage = textOf(values, 'size');
    await send({
      object: subject.ref,
      // A volume never shrinks.
      inverse: null,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: { spec: { resources: { requests: { storage } } } },
      },
    });
    return `${storage} asked for`;
  },
};

export const resizePod: Action = {
  id: 'resizePod',
  title: 'Resize in place',
  kinds: ['pods'],
  bulk: false,
  needs: () => [{ verb: 'patch', group: '', resource: 'pods', subresource: 'resize' }],
  fields: (_, object) => {
    const containers = (at(object, 'spec', 'containers') ?? []) as { name: string; resources?: object }[];
    const [first] = containers;
    const value = (...keys: string[]) => {
      const found = at(first?.resources, ...keys);
      return typeof found === 'string' ? { value: found } : {};
    };
    return [
      {
        id: 'container',
        label: 'Container',
        type: 'choice',
        required: true,
        options: containers.map(({ name }) => ({ value: name, label: name })),
        ...(first !== undefined && { value: first.name }),
      },
      { id: 'cpuRequest', label: 'CPU request', type: 'quantity', required: false, ...value('requests', 'cpu') },
      { id: 'cpuLimit', label: 'CPU limit', type: 'quantity', required: false, ...value('limits', 'cpu') },
      {
        id: 'memoryRequest',
        label: 'Memory request',
        type: 'quantity',
        required: false,
        ...value('requests', 'memory'),
      },
      { id: 'memoryLimit', label: 'Memory limit', type: 'quantity', required: false, ...value('limits', 'memory') },
    ];
  },
  describe: (name, { container }) => `Resize ${container} in ${name}`,
  async perform(subject, values, { send }) {
    const amounts = (kind: 'Request' | 'Limit') =>
      Object.fromEntries(
        (['cpu', 'memory'] as const).flatMap((resource) => {
          const value = values[`${resource}${kind}`];
          return typeof value === 'string' && value !== '' ? [[resource, value]] : [];
        }),
      );
    const resources = { requests: amounts('Request'), limits: amounts('Limit') };
    await send({
      object: subject.ref,
      subject: subject.path,
      request: {
        method: 'PATCH',
        path: `${subject.path}/resize?fieldManager=kubesage`,
        contentType: 'application/strategic-merge-patch+json',
        body: { spec: { containers: [{ name: textOf(values, 'container'), resources }] } },
      },
    });
    return 'Asked for: the node decides when';
  },
};
