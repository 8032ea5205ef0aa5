import type { ObjectRef, Tone } from '../resources/contract.ts';
import { conditionTone as argoTone, type Found } from './argo.ts';
import type { Part } from './contract.ts';
import { conditionTone, followed, urlOf } from './flux.ts';
import type { GitopsKind } from './kinds.ts';
import { at, conditionsOf, isRecord, type KubeObject, keyOf, listAt, textAt, textsAt, timeAt } from './model.ts';

/** What deliveries are made of or by, as one row. `used` is counted by who knows all of them. */
export function readPart(
  { cluster, clusterName, object }: Found,
  kind: GitopsKind & { family: Part['family']; name: string },
): Part {
  const { metadata, spec } = object;
  const ref: ObjectRef = { cluster, kind: kind.id, namespace: metadata.namespace ?? '', name: metadata.name };
  const suspended = at(spec, 'suspend') === true;
  const state = stateOf(object, kind);
  return {
    key: keyOf(ref),
    object: ref,
    clusterName,
    engine: kind.engine,
    family: kind.family,
    kind: kind.name,
    ...state,
    ...(suspended && state.tone !== 'failed' && { tone: 'stopped' as const }),
    ...aboutOf(object, kind.name),
    suspended,
    used: kind.family === 'set' ? listAt(object.status, 'resources').length : 0,
    created: timeAt(metadata, 'creationTimestamp'),
  };
}

function stateOf(object: KubeObject, { engine, family }: GitopsKind): { tone: Tone; status: string; message: string } {
  // A project has nothing to become ready.
  if (family === 'project') return { tone: 'healthy', status: 'Present', message: textAt(object.spec, 'description') };
  const conditions = conditionsOf(object);
  if (engine === 'argocd') {
    const worst = conditions.find((each) => argoTone(each) === 'failed');
    if (worst !== undefined) return { tone: 'failed', status: worst.reason, message: worst.message };
    const rollout = conditions.find((each) => each.type === 'RolloutProgressing' && each.status === 'True');
    if (rollout !== undefined) return { tone: 'progressing', status: rollout.reason, message: rollout.message };
    const done = conditions.find((each) => each.type === 'ResourcesUpToDate') ?? conditions[0];
    if (done === undefined) return unseen;
    return { tone: 'healthy', status: done.reason, message: done.message };
  }
  const ready = conditions.find(({ type }) => type === 'Stalled') ?? conditions.find(({ type }) => type === 'Ready');
  // One that only names another object has no conditions of its own.
  if (ready === undefined) {
    return textAt(object.spec, 'type') === 'oci' ? { tone: 'healthy', status: 'Present', message: '' } : unseen;
  }
  return { tone: conditionTone(ready), status: ready.reason, message: ready.message };
}

const unseen = { tone: 'unknown', status: 'Unknown', message: 'No controller has looked at it yet' } as const;

/** What it is about, follows and has found, in a few words each. */
function aboutOf(object: KubeObject, kind: string): Pick<Part, 'about' | 'wanted' | 'found' | 'updated'> {
  const { spec, status } = object;
  const changed = conditionsOf(object).reduce((newest, each) => Math.max(newest, each.at ?? 0), 0) || null;
  const artifact = {
    found: textAt(status, 'artifact', 'revision'),
    updated: timeAt(status, 'artifact', 'lastUpdateTime') ?? changed,
  };
  switch (kind) {
    case 'ApplicationSet': {
      const generators = listAt(spec, 'generators').flatMap((each) => (isRecord(each) ? Object.keys(each) : []));
      const made = listAt(status, 'resources').length;
      return {
        about: generators.join(', '),
        wanted: textAt(spec, 'strategy', 'type'),
        found: `${made}`,
        updated: changed,
      };
    }
    case 'AppProject':
      return {
        about: textsAt(spec, 'sourceRepos').join(', '),
        wanted: listAt(spec, 'destinations')
          .map((each) =>
            [textAt(each, 'name') || textAt(each, 'server'), textAt(each, 'namespace')].filter(Boolean).join('/'),
          )
          .join(', '),
        found: '',
        updated: null,
      };
    case 'HelmChart':
      return { about: textAt(spec, 'chart'), wanted: textAt(spec, 'version'), ...artifact };
    case 'ImageRepository': {
      const tags = at(status, 'lastScanResult', 'tagCount');
      return {
        about: textAt(spec, 'image'),
        wanted: '',
        found: [textAt(status, 'lastScanResult', 'latestTags', 0), typeof tags === 'number' ? `${tags} tags` : '']
          .filter(Boolean)
          .join(' · '),
        updated: timeAt(status, 'lastScanResult', 'scanTime') ?? changed,
      };
    }
    case 'ImagePolicy':
      return {
        about: textAt(spec, 'imageRepositoryRef', 'name'),
        wanted: policyText(at(spec, 'policy')),
        found: textAt(status, 'latestRef', 'tag') || textAt(status, 'latestImage').split(':').at(-1) || '',
        updated: changed,
      };
    case 'ImageUpdateAutomation':
      return {
        about: [textAt(spec, 'sourceRef', 'name'), textAt(spec, 'update', 'path')].filter(Boolean).join(' '),
        wanted: textAt(spec, 'git', 'push', 'branch') || textAt(spec, 'git', 'checkout', 'ref', 'branch'),
        found: textAt(status, 'lastPushCommit'),
        updated: timeAt(status, 'lastPushTime') ?? timeAt(status, 'lastAutomationRunTime') ?? changed,
      };
    default:
      return { about: urlOf(object), wanted: followed(object), ...artifact };
  }
}

/** `semver 6.x`, `alphabetical desc`. */
function policyText(policy: unknown): string {
  const [kind] = isRecord(policy) ? Object.keys(policy) : [];
  if (kind === undefined) return '';
  return [kind, textAt(policy, kind, 'range') || textAt(policy, kind, 'order')].filter(Boolean).join(' ');
}

/** What a part or a delivery is made of, by its spec: what it names is used by it. */
export function usedBy({ cluster }: ObjectRef, object: KubeObject, kind: string): ObjectRef[] {
  const namespace = object.metadata.namespace ?? '';
  const name = (id: string, ref: unknown) => ({
    cluster,
    kind: id,
    namespace: textAt(ref, 'namespace') || namespace,
    name: textAt(ref, 'name'),
  });
  if (kind === 'ImagePolicy') {
    return [name('imagerepositories.image.toolkit.fluxcd.io', at(object.spec, 'imageRepositoryRef'))];
  }
  if (kind === 'ImageUpdateAutomation')
    return [name('gitrepositories.source.toolkit.fluxcd.io', at(object.spec, 'sourceRef'))];
  if (kind === 'HelmChart' && textAt(object.spec, 'sourceRef', 'kind') === 'HelmRepository') {
    return [name('helmrepositories.source.toolkit.fluxcd.io', at(object.spec, 'sourceRef'))];
  }
  return [];
}
