import { KubeSageError } from '../../../kernel/errors.ts';
import { type Action, at, mergePatch, textOf } from '../model.ts';

/** Through the custom resources alone: their controllers do the work, no login at a GitOps server is needed. */

const application = ['applications.argoproj.io'];
const fluxApplied = ['kustomizations.kustomize.toolkit.fluxcd.io', 'helmreleases.helm.toolkit.fluxcd.io'];
const fluxSources = [
  'gitrepositories.source.toolkit.fluxcd.io',
  'ocirepositories.source.toolkit.fluxcd.io',
  'helmrepositories.source.toolkit.fluxcd.io',
  'helmcharts.source.toolkit.fluxcd.io',
  'buckets.source.toolkit.fluxcd.io',
];
const fluxImages = ['imagerepositories.image.toolkit.fluxcd.io', 'imageupdateautomations.image.toolkit.fluxcd.io'];
const flux = [...fluxApplied, ...fluxSources, ...fluxImages];

const patch: Action['needs'] = ({ group, resource }) => [{ verb: 'patch', group, resource }];

interface Deployed {
  id: number;
  revision?: string;
  deployedAt?: string;
}

/** Argo CD takes `operation` for a sync that is to begin, and takes it away: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-kubectl/ */
export const sync: Action = {
  id: 'sync',
  title: 'Sync',
  kinds: application,
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
    ];
  },
  notes: (_, object) => [
    ...(at(object, 'operation') === undefined ? [] : ['A sync is on its way already.']),
    ...(at(object, 'spec', 'syncPolicy', 'automated') == null ? [] : ['It is synced by itself, too.']),
  ],
  describe: (name) => `Sync ${name}`,
  async perform(subject, values, context) {
    const revision = typeof values.revision === 'string' && values.revision !== '' ? { revision: values.revision } : {};
    await context.send({
      object: subject.ref,
      // What is synced is not taken back by taking the order away.
      inverse: null,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: {
          operation: { initiatedBy: { username: 'kubesage' }, sync: { ...revision, prune: values.prune === true } },
        },
      },
    });
    return 'The controller was asked to sync';
  },
};

export const refresh: Action = {
  id: 'refresh',
  title: 'Refresh',
  kinds: application,
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
    await annotate(subject, context, 'argocd.argoproj.io/refresh', textOf(values, 'refresh'));
    return 'The controller was asked to look again';
  },
};

export const syncBack: Action = {
  id: 'syncBack',
  title: 'Roll back to a deployed revision',
  kinds: application,
  bulk: false,
  danger: true,
  needs: patch,
  fields: (_, object) => {
    const history = ((at(object, 'status', 'history') ?? []) as Deployed[]).toReversed();
    const options = history.slice(1).map(({ id, revision = '', deployedAt = '' }) => ({
      value: String(id),
      label: [`#${id}`, String(revision).slice(0, 12), deployedAt].filter(Boolean).join(' · '),
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
    ];
  },
  notes: (_, object) =>
    at(object, 'spec', 'syncPolicy', 'automated') == null
      ? []
      : ['It is synced by itself: what is rolled back is synced forward again.'],
  describe: (name, { deployed }) => `Roll ${name} back to #${deployed}`,
  async perform(subject, values, context) {
    const wanted = textOf(values, 'deployed');
    const object = await subject.get(subject.path, context.signal);
    const found = ((at(object, 'status', 'history') ?? []) as (Deployed & { source?: unknown })[]).find(
      ({ id }) => String(id) === wanted,
    );
    if (found?.revision === undefined) throw new KubeSageError('notFound', `#${wanted} is not in its history any more`);
    const { revision, source } = found;
    await context.send({
      object: subject.ref,
      inverse: null,
      request: {
        method: 'PATCH',
        path: `${subject.path}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: {
          operation: {
            initiatedBy: { username: 'kubesage' },
            sync: { revision, prune: true, ...(source !== undefined && { source }) },
          },
        },
      },
    });
    return `The controller was asked to sync ${String(revision).slice(0, 12)}`;
  },
};

/** Flux looks at a resource when this annotation has a new value: https://fluxcd.io/flux/components/ */
export const reconcile: Action = {
  id: 'reconcile',
  title: 'Reconcile now',
  kinds: flux,
  bulk: true,
  needs: patch,
  describe: (name) => `Reconcile ${name}`,
  async perform(subject, _, context) {
    await annotate(subject, context, 'reconcile.fluxcd.io/requestedAt', new Date().toISOString());
    return 'The controller was asked to reconcile';
  },
};

function suspendFlux(id: 'suspendFlux' | 'resumeFlux', title: string, suspend: boolean, done: string): Action {
  return {
    id,
    title,
    kinds: flux,
    bulk: true,
    needs: patch,
    describe: (name) => `${title} ${name}`,
    async perform(subject, _, context) {
      await mergePatch(subject, context, { spec: { suspend } });
      return done;
    },
  };
}

export const suspendReconciling = suspendFlux('suspendFlux', 'Suspend', true, 'Left alone until it is resumed');
export const resumeReconciling = suspendFlux('resumeFlux', 'Resume', false, 'Reconciled again');

async function annotate(
  subject: Parameters<Action['perform']>[0],
  context: Parameters<Action['perform']>[2],
  key: string,
  value: string,
): Promise<void> {
  await context.send({
    object: subject.ref,
    // A request to a controller: taking the annotation away takes nothing back.
    inverse: null,
    request: {
      method: 'PATCH',
      path: `${subject.path}?fieldManager=kubesage`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [key]: value } } },
    },
  });
}
