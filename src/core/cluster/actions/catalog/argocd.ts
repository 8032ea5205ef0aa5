import { KubeSageError } from '../../../kernel/errors.ts';
import { type Action, at, type KubeObject, mergePatch, type Subject, textOf, type Values } from '../model.ts';

/** Through the custom resource alone: its controller does the work, no login at Argo CD is needed. */

const kinds = ['applications.argoproj.io'];
const patch: Action['needs'] = ({ group, resource }) => [{ verb: 'patch', group, resource }];

interface Deployed {
  id: number;
  revision?: string;
  revisions?: string[];
  deployedAt?: string;
  source?: unknown;
  sources?: unknown[];
}

/** What Argo CD is to do: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-kubectl/ */
export interface SyncOrder {
  revision?: string;
  revisions?: string[];
  prune?: boolean;
  dryRun?: boolean;
  source?: unknown;
  sources?: unknown[];
  resources?: { group?: string; kind: string; namespace?: string; name: string }[];
  syncOptions?: string[];
  syncStrategy?: unknown;
}

/**
 * Argo CD takes `operation` for an order, and takes it away when it has begun. One that is there already is not
 * overwritten: the API server tests that there is none.
 */
export async function orderSync(
  subject: Subject,
  context: Parameters<Action['perform']>[2],
  order: (object: KubeObject) => SyncOrder,
): Promise<void> {
  const object = await subject.get(subject.path, context.signal);
  if (at(object, 'operation') != null) {
    throw new KubeSageError('conflict', `${subject.ref.name} is being synced already`, {
      hint: 'Wait until it has ended, or stop it.',
    });
  }
  const options = at(object, 'spec', 'syncPolicy', 'syncOptions');
  const retry = at(object, 'spec', 'syncPolicy', 'retry');
  const { syncOptions, ...sync } = order(object);
  const all = [...(Array.isArray(options) ? (options as string[]) : []), ...(syncOptions ?? [])];
  const operation = {
    initiatedBy: { username: 'kubesage' },
    ...(retry != null && { retry }),
    sync: { ...sync, ...(all.length > 0 && { syncOptions: [...new Set(all)] }) },
  };
  await context.send({
    object: subject.ref,
    // What is synced is not taken back by taking the order away.
    inverse: null,
    request: {
      method: 'PATCH',
      path: `${subject.path}?fieldManager=kubesage`,
      contentType: 'application/json-patch+json',
      body: [
        { op: 'test', path: '/operation', value: null },
        { op: 'add', path: '/operation', value: operation },
      ],
    },
  });
}

export const sync: Action = {
  id: 'sync',
  title: 'Sync',
  kinds,
  bulk: true,
  needs: patch,
  fields: (_, object) => {
    const revision = at(object, 'spec', 'source', 'targetRevision');
    return [
      {
        id: 'revision',
        label: 'Revision',
        type: 'text',
        required: false,
        ...(typeof revision === 'string' && { value: revision }),
        help: 'Empty for the one that the application follows.',
      },
      { id: 'prune', label: 'Delete what is no longer in the source', type: 'boolean', required: false, value: false },
      {
        id: 'dryRun',
        label: 'Dry run',
        type: 'boolean',
        required: false,
        value: false,
        help: 'Argo CD says what it would do, and changes nothing.',
      },
      {
        id: 'replace',
        label: 'Replace',
        type: 'boolean',
        required: false,
        value: false,
        help: 'Replaces or creates objects in place of applying them.',
      },
      {
        id: 'forced',
        label: 'Force',
        type: 'boolean',
        required: false,
        value: false,
        help: 'Deletes and creates anew what cannot be changed in place.',
      },
      {
        id: 'serverSide',
        label: 'Apply on the server',
        type: 'boolean',
        required: false,
        value: false,
      },
      {
        id: 'resources',
        label: 'These objects only',
        type: 'text',
        required: false,
        help: 'As in apps:Deployment:shop/web (group, kind, namespace, name), separated by commas; all when empty. Hooks do not run then.',
      },
    ];
  },
  notes: (_, object) => [
    ...(at(object, 'operation') == null ? [] : ['A sync is on its way already.']),
    ...(isAutomated(object) ? ['It is synced by itself, too.'] : []),
  ],
  describe: (name, { dryRun }) => (dryRun === true ? `Sync ${name} (dry run)` : `Sync ${name}`),
  async perform(subject, values, context) {
    const resources = resourcesIn(values);
    await orderSync(subject, context, () => ({
      ...(typeof values.revision === 'string' && values.revision !== '' && { revision: values.revision }),
      prune: values.prune === true,
      ...(values.dryRun === true && { dryRun: true }),
      ...(resources.length > 0 && { resources }),
      ...((values.replace === true || values.serverSide === true) && {
        syncOptions: [
          ...(values.replace === true ? ['Replace=true'] : []),
          ...(values.serverSide === true ? ['ServerSideApply=true'] : []),
        ],
      }),
      // Argo CD's own default is to sync with hooks.
      ...(values.forced === true && { syncStrategy: { hook: { force: true } } }),
    }));
    return 'The controller was asked to sync';
  },
};

/** @throws KubeSageError `invalid` */
function resourcesIn({ resources }: Values): NonNullable<SyncOrder['resources']> {
  if (typeof resources !== 'string') return [];
  return resources
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const [group, kind, place, ...more] = each.split(':');
      // A colon may stand in a name of RBAC's.
      const path = [place, ...more].join(':');
      const slash = path.indexOf('/');
      const name = path.slice(slash + 1);
      if (kind === undefined || kind === '' || name === '') {
        throw new KubeSageError('invalid', `${each} names no object`, {
          hint: 'Write group:Kind:namespace/name, as in apps:Deployment:shop/web.',
        });
      }
      return { group: group ?? '', kind, ...(slash > 0 && { namespace: path.slice(0, slash) }), name };
    });
}

export const refresh: Action = {
  id: 'refresh',
  title: 'Refresh',
  kinds,
  bulk: true,
  needs: patch,
  fields: () => [
    {
      id: 'refresh',
      label: 'How',
      type: 'choice',
      required: true,
      value: 'normal',
      options: [
        { value: 'normal', label: 'Compare with the source again' },
        { value: 'hard', label: 'Also make its manifests anew' },
      ],
    },
  ],
  describe: (name) => `Refresh ${name}`,
  async perform(subject, values, context) {
    await context.send({
      object: subject.ref,
      // A request to a controller: taking the annotation away takes nothing back.
      inverse: null,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { annotations: { 'argocd.argoproj.io/refresh': textOf(values, 'refresh') } } },
      },
    });
    return 'The controller was asked to look again';
  },
};

/** Argo CD itself looks at `operationState` while it works: https://github.com/argoproj/argo-cd TerminateOperation */
export const terminateSync: Action = {
  id: 'terminateSync',
  title: 'Stop the sync',
  kinds,
  bulk: true,
  needs: patch,
  describe: (name) => `Stop the sync of ${name}`,
  async perform(subject, _, context) {
    const object = await subject.get(subject.path, context.signal);
    if (at(object, 'operation') == null || at(object, 'status', 'operationState') == null) {
      throw new KubeSageError('conflict', `${subject.ref.name} is not being synced`);
    }
    await context.send({
      object: subject.ref,
      inverse: null,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: { status: { operationState: { phase: 'Terminating' } } },
      },
    });
    return 'The controller was asked to stop';
  },
};

export const syncBack: Action = {
  id: 'syncBack',
  title: 'Roll back to a deployed revision',
  kinds,
  bulk: false,
  danger: true,
  needs: patch,
  fields: (_, object) => {
    const options = historyOf(object)
      .slice(1)
      .map(({ id, revision, revisions = [], deployedAt = '' }) => ({
        value: String(id),
        label: [`#${id}`, (revision || revisions.join(', ')).slice(0, 12), deployedAt].filter(Boolean).join(' · '),
      }));
    return [
      {
        id: 'deployed',
        label: 'To',
        type: 'choice',
        required: true,
        options,
        ...(options[0] === undefined ? { help: 'Nothing else was deployed.' } : { value: options[0].value }),
      },
      {
        id: 'prune',
        label: 'Delete what is no longer in the source',
        type: 'boolean',
        required: false,
        value: true,
      },
      ...(isAutomated(object)
        ? [
            {
              id: 'automaticOff',
              label: 'Turn automated sync off first',
              type: 'boolean' as const,
              required: false,
              value: true,
              help: 'Otherwise what is rolled back is synced forward again at once.',
            },
          ]
        : []),
    ];
  },
  notes: (_, object) =>
    isAutomated(object) ? ['It is synced by itself: what is rolled back is synced forward again.'] : [],
  describe: (name, { deployed }) => `Roll ${name} back to #${deployed}`,
  async perform(subject, values, context) {
    const wanted = textOf(values, 'deployed');
    const object = await subject.get(subject.path, context.signal);
    const found = historyOf(object).find(({ id }) => String(id) === wanted);
    if (found === undefined) throw new KubeSageError('notFound', `#${wanted} is not in its history any more`);
    const { revision = '', revisions = [], source, sources } = found;
    if (revision === '' && revisions.length === 0) {
      throw new KubeSageError('notFound', `The revision of #${wanted} was not kept`);
    }
    if (values.automaticOff === true && isAutomated(object)) await turnAutomatic(subject, context, false);
    // As Argo CD's own rollback does it: without hooks, from the source that was deployed then.
    await orderSync(subject, context, () => ({
      ...(revision !== '' && { revision }),
      ...(revisions.length > 0 && { revisions }),
      prune: values.prune !== false,
      syncStrategy: { apply: {} },
      ...(source != null && { source }),
      ...(sources !== undefined && { sources }),
    }));
    return `The controller was asked to sync ${(revision || revisions.join(', ')).slice(0, 12)}`;
  },
};

function historyOf(object: KubeObject | undefined): Deployed[] {
  return ((at(object, 'status', 'history') ?? []) as Deployed[]).toReversed();
}

function isAutomated(object: KubeObject | undefined): boolean {
  const automated = at(object, 'spec', 'syncPolicy', 'automated');
  return automated != null && at(automated, 'enabled') !== false;
}

/**
 * Automated sync off keeps what it was told besides (prune, self-heal) where the cluster's Argo CD knows `enabled`
 * (3.0 and newer); an older one has only its absence.
 */
export async function turnAutomatic(
  subject: Subject,
  context: Parameters<Action['perform']>[2],
  enabled: boolean,
): Promise<void> {
  const object = await subject.get(subject.path, context.signal);
  const automated = at(object, 'spec', 'syncPolicy', 'automated');
  if (enabled) {
    // Off by a word that is taken back, or not there at all.
    await mergePatch(subject, context, {
      spec: { syncPolicy: { automated: at(automated, 'enabled') === false ? { enabled: null } : {} } },
    });
    return;
  }
  if (automated == null) return;
  const knows = await knowsEnabled(subject, context.signal);
  await mergePatch(subject, context, { spec: { syncPolicy: { automated: knows ? { enabled: false } : null } } });
}

/** What a definition does not know is dropped by the API server without a word: its schema is asked. */
async function knowsEnabled(subject: Subject, signal: AbortSignal): Promise<boolean> {
  const { group, version } = subject.kind;
  const { components } = await subject.get<{ components?: { schemas?: Record<string, unknown> } }>(
    `/openapi/v3/apis/${group}/${version}`,
    signal,
  );
  const way = ['spec', 'syncPolicy', 'automated', 'enabled'].flatMap((key) => ['properties', key]);
  return Object.values(components?.schemas ?? {}).some((schema) => at(schema, ...way) !== undefined);
}

/** What suspending an application means, and resuming it. */
export const automaticWords = {
  off: 'It is not synced by itself any more',
  on: 'It is synced by itself again',
};
