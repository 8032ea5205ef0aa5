import { KubeSageError } from '../../../kernel/errors.ts';
import type { ObjectRef } from '../../resources/contract.ts';
import type { Field } from '../contract.ts';
import { type Action, at, type KubeObject, mergePatch, type Subject, textOf } from '../model.ts';
import { automaticWords, orderSync, turnAutomatic } from './argocd.ts';

/** Through the custom resources alone: their controllers do the work. */

const application = 'applications.argoproj.io';
const kustomization = 'kustomizations.kustomize.toolkit.fluxcd.io';
const helmRelease = 'helmreleases.helm.toolkit.fluxcd.io';
const git = 'gitrepositories.source.toolkit.fluxcd.io';
const oci = 'ocirepositories.source.toolkit.fluxcd.io';
const chart = 'helmcharts.source.toolkit.fluxcd.io';
const fluxApplied = [kustomization, helmRelease];
const flux = [
  ...fluxApplied,
  git,
  oci,
  'helmrepositories.source.toolkit.fluxcd.io',
  chart,
  'buckets.source.toolkit.fluxcd.io',
  'imagerepositories.image.toolkit.fluxcd.io',
  'imagepolicies.image.toolkit.fluxcd.io',
  'imageupdateautomations.image.toolkit.fluxcd.io',
];
const sources: Record<string, string> = {
  GitRepository: git,
  OCIRepository: oci,
  HelmChart: chart,
  Bucket: 'buckets.source.toolkit.fluxcd.io',
};

const patch: Action['needs'] = ({ group, resource }) => [{ verb: 'patch', group, resource }];
type Context = Parameters<Action['perform']>[2];

/** Of both engines: what a person wants who selects several and asks for the newest. */
export const reconcile: Action = {
  id: 'reconcile',
  title: 'Reconcile now',
  kinds: [application, ...flux],
  bulk: true,
  needs: patch,
  describe: (name) => `Reconcile ${name}`,
  async perform(subject, _, context) {
    if (subject.ref.kind === application) {
      await orderSync(subject, context, () => ({ prune: false }));
      return 'The controller was asked to sync';
    }
    await request(subject.ref, subject.path, context, ['requestedAt']);
    return 'The controller was asked to reconcile';
  },
};

/** As `flux reconcile --with-source`: what it is made of first. */
export const reconcileWithSource: Action = {
  id: 'reconcileWithSource',
  title: 'Reconcile with its source',
  kinds: fluxApplied,
  bulk: true,
  needs: patch,
  describe: (name) => `Reconcile ${name} with its source`,
  async perform(subject, _, context) {
    const object = await subject.get(subject.path, context.signal);
    const source = sourceOf(subject.ref, object);
    if (source !== undefined) {
      const path = subject.pathOf(source.kind, source.namespace, source.name);
      await request(source, path, context, ['requestedAt']);
      context.say(`${source.name} was asked to fetch`);
    }
    await request(subject.ref, subject.path, context, ['requestedAt']);
    return 'Its source and its controller were asked';
  },
};

/** Installs or upgrades although nothing has changed: https://fluxcd.io/flux/components/helm/helmreleases/#forcing-a-release */
export const forceRelease: Action = {
  id: 'forceRelease',
  title: 'Install or upgrade once more',
  kinds: [helmRelease],
  bulk: true,
  needs: patch,
  describe: (name) => `Install or upgrade ${name} once more`,
  async perform(subject, _, context) {
    await request(subject.ref, subject.path, context, ['requestedAt', 'forceAt']);
    return 'The controller was asked to install or upgrade once more';
  },
};

export const resetRelease: Action = {
  id: 'resetRelease',
  title: 'Retry after failures',
  kinds: [helmRelease],
  bulk: true,
  needs: patch,
  describe: (name) => `Retry ${name}`,
  async perform(subject, _, context) {
    await request(subject.ref, subject.path, context, ['requestedAt', 'resetAt']);
    return 'Its failures are forgotten, and it is tried again';
  },
};

function suspension(id: 'suspendFlux' | 'resumeFlux', title: string, suspend: boolean, done: string): Action {
  return {
    id,
    title,
    kinds: [application, ...flux],
    bulk: true,
    needs: patch,
    describe: (name) => `${title} ${name}`,
    async perform(subject, _, context) {
      if (subject.ref.kind === application) {
        await turnAutomatic(subject, context, !suspend);
        return suspend ? automaticWords.off : automaticWords.on;
      }
      await mergePatch(subject, context, { spec: { suspend } });
      return done;
    },
  };
}

export const suspendReconciling = suspension('suspendFlux', 'Suspend', true, 'Left alone until it is resumed');
export const resumeReconciling = suspension('resumeFlux', 'Resume', false, 'Reconciled again');

/** Flux has no rollback: what a delivery is made of is pinned to what it was. */
export const pinBack: Action = {
  id: 'pinBack',
  title: 'Roll back by pinning its source',
  kinds: fluxApplied,
  bulk: false,
  danger: true,
  needs: patch,
  fields: async (subject, object) => {
    const options = earlier(subject.ref, object);
    const field: Field = { id: 'deployed', label: 'To', type: 'choice', required: true, options };
    const [first] = options;
    const help = first === undefined ? 'Nothing else was delivered.' : await whatIsPinned(subject, object);
    return [{ ...field, help, ...(first !== undefined && { value: first.value }) }];
  },
  notes: ({ ref }) =>
    ref.kind === helmRelease
      ? ['Only the chart goes back: the values of then are not kept in the cluster.']
      : ['Everything that uses the same source goes back with it.'],
  describe: (name) => `Roll ${name} back`,
  async perform(subject, values, context) {
    const wanted = textOf(values, 'deployed');
    const object = await subject.get(subject.path, context.signal);
    const history = (at(object, 'status', 'history') ?? []) as Record<string, unknown>[];
    const entry = history.find((each) => String(each.digest) === wanted || String(each.version) === wanted);
    if (entry === undefined) throw new KubeSageError('notFound', `${wanted} is not in its history any more`);
    const pin = pinOf(subject.ref, object, entry);
    await context.send({
      object: pin.object,
      request: {
        method: 'PATCH',
        path: `${subject.pathOf(pin.object.kind, pin.object.namespace, pin.object.name)}?fieldManager=kubesage`,
        contentType: 'application/merge-patch+json',
        body: pin.body,
      },
    });
    return `${pin.object.name} is pinned to ${pin.to}; undo it to follow the newest again`;
  },
};

/** Back to what a source followed before it was pinned. */
export const unpin: Action = {
  id: 'unpin',
  title: 'Follow the newest again',
  kinds: [git, oci],
  bulk: true,
  needs: patch,
  describe: (name) => `Let ${name} follow the newest again`,
  async perform(subject, _, context) {
    const { commit, digest, ...rest } = (at(await subject.get(subject.path, context.signal), 'spec', 'ref') ??
      {}) as Record<string, unknown>;
    if (commit === undefined && digest === undefined) {
      throw new KubeSageError('conflict', `${subject.ref.name} is not pinned to a commit or a digest`);
    }
    if (Object.keys(rest).length === 0) {
      throw new KubeSageError('conflict', `${subject.ref.name} names no branch, tag or range to follow`, {
        hint: 'Edit it and say which.',
      });
    }
    await mergePatch(subject, context, { spec: { ref: { commit: null, digest: null } } });
    return 'Follows its branch, tag or range again';
  },
};

function earlier(ref: ObjectRef, object: KubeObject | undefined): { value: string; label: string }[] {
  const history = (at(object, 'status', 'history') ?? []) as Record<string, unknown>[];
  return history.slice(1).map((each) =>
    ref.kind === kustomization
      ? {
          value: String(each.digest),
          label: [at(each, 'metadata', 'revision'), each.lastReconciledStatus, each.lastReconciled]
            .filter(Boolean)
            .join(' · '),
        }
      : {
          value: String(each.version),
          label: [`v${each.version}`, `${each.chartName} ${each.chartVersion}`, each.status, each.lastDeployed]
            .filter(Boolean)
            .join(' · '),
        },
  );
}

async function whatIsPinned(subject: Subject, object: KubeObject | undefined): Promise<string> {
  const source = object === undefined ? undefined : sourceOf(subject.ref, object);
  if (object === undefined || source === undefined || source.kind === chart)
    return 'The version of its chart is pinned.';
  const path = subject.pathOf(source.kind, source.namespace, source.name);
  const { metadata } = await subject.get(path);
  const keeper = metadata.labels?.['kustomize.toolkit.fluxcd.io/name'];
  const taken =
    keeper === undefined
      ? ''
      : ` Kustomization ${keeper} brings that source: it takes the pin back unless it is suspended.`;
  return `${source.name} is pinned.${taken}`;
}

/** @throws KubeSageError `unsupported` */
function pinOf(
  ref: ObjectRef,
  object: KubeObject,
  entry: Record<string, unknown>,
): { object: ObjectRef; body: unknown; to: string } {
  const source = sourceOf(ref, object);
  if (ref.kind === helmRelease && at(object, 'spec', 'chart', 'spec') !== undefined) {
    const version = String(entry.chartVersion);
    return { object: ref, body: { spec: { chart: { spec: { version } } } }, to: version };
  }
  const revision = String(at(entry, 'metadata', 'revision') ?? entry.ociDigest ?? '');
  const hash = /(sha\d+):([0-9a-f]+)$/.exec(revision);
  if (source?.kind === git && hash?.[2] !== undefined) {
    return { object: source, body: { spec: { ref: { commit: hash[2] } } }, to: hash[2].slice(0, 12) };
  }
  if (source?.kind === oci && hash !== null) {
    return { object: source, body: { spec: { ref: { digest: hash[0] } } }, to: hash[0].slice(0, 19) };
  }
  throw new KubeSageError('unsupported', 'Its source keeps no earlier revisions that it could be pinned to', {
    hint: 'Git and OCI repositories do.',
  });
}

/** What it is made of: as its spec names it, of a chart the HelmChart that the controller makes. */
function sourceOf(ref: ObjectRef, object: KubeObject): ObjectRef | undefined {
  const { cluster } = ref;
  const named = at(object, 'spec', ref.kind === kustomization ? 'sourceRef' : 'chartRef') as
    | { kind: string; name: string; namespace?: string }
    | undefined;
  if (named !== undefined) {
    const kind = sources[named.kind];
    return kind === undefined
      ? undefined
      : { cluster, kind, namespace: named.namespace ?? ref.namespace, name: named.name };
  }
  const namespace = at(object, 'spec', 'chart', 'spec', 'sourceRef', 'namespace');
  return {
    cluster,
    kind: chart,
    namespace: typeof namespace === 'string' ? namespace : ref.namespace,
    name: `${ref.namespace}-${ref.name}`,
  };
}

/** Flux looks at a resource when such an annotation has a new value: https://fluxcd.io/flux/components/ */
async function request(
  object: ObjectRef,
  path: string,
  context: Context,
  words: readonly ('requestedAt' | 'forceAt' | 'resetAt')[],
): Promise<void> {
  const token = new Date().toISOString();
  await context.send({
    object,
    // A request to a controller: taking the annotation away takes nothing back.
    inverse: null,
    request: {
      method: 'PATCH',
      path: `${path}?fieldManager=kubesage`,
      contentType: 'application/merge-patch+json',
      body: {
        metadata: { annotations: Object.fromEntries(words.map((word) => [`reconcile.fluxcd.io/${word}`, token])) },
      },
    },
  });
}
