import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { Plan, Step, StepContext } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { kindOf, objectPath } from '../resources/index.ts';
import type { LabelFix } from './contract.ts';

interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  controller?: boolean;
}

interface KubeObject {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
  };
  spec?: {
    selector?: { matchLabels?: Record<string, string>; matchExpressions?: { key: string }[] };
    template?: { metadata?: { labels?: Record<string, string> } };
  };
}

/** Kinds whose pods get the labels of a template, and have a selector that must go on fitting. */
const withTemplate = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps']);
const valueShape = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Puts one label on objects, a step each. */
export function fixPlan(fleet: OpenClusters, fix: LabelFix): Plan {
  const { objects, label } = fix;
  const [first] = objects;
  const what = objects.length === 1 ? (first?.name ?? '') : `${objects.length} objects`;
  return {
    action: 'labelRules.fix',
    title:
      fix.from === 'value' ? `Label ${what} ${label}=${fix.value}` : `Label ${what} ${label} as its ${fix.from} has it`,
    danger: fix.template && objects.some(({ kind }) => withTemplate.has(kind)),
    steps: objects.map((object): Step => ({ object, perform: (context) => perform(fleet, fix, object, context) })),
  };
}

async function perform(
  fleet: OpenClusters,
  fix: LabelFix,
  ref: ObjectRef,
  { send, say, signal, dryRun }: StepContext,
): Promise<string | undefined> {
  const { label } = fix;
  const kind = fleet.byId(ref.cluster)?.kinds.find(({ id }) => id === ref.kind);
  if (kind === undefined) throw new KubeSageError('notFound', `The cluster does not serve ${ref.kind}`);
  const path = objectPath(kind, ref.namespace, ref.name);
  const object = await read<KubeObject>(fleet, ref.cluster, path, signal);
  const value = await wantedValue(fleet, fix, ref, object, signal);
  const inTemplate = fix.template && withTemplate.has(ref.kind) && object.spec?.template !== undefined;
  await checkSelectors(fleet, { ref, object, label, value, inTemplate, signal });
  const source = sourceText(object);
  if (dryRun && source !== undefined) say(source);
  if (dryRun && inTemplate) say('Its pods are replaced: they get the label from the template.');
  if (
    dryRun &&
    !inTemplate &&
    withTemplate.has(ref.kind) &&
    object.spec?.template?.metadata?.labels?.[label] !== value
  ) {
    say('Its pods do not get the label: it stands in the template as it does now.');
  }
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (dryRun && owner !== undefined) {
    say(`${owner.kind} ${owner.name} made it, and makes the next one without the label.`);
  }
  await send({
    object: ref,
    request: {
      method: 'PATCH',
      path: `${path}?fieldManager=kubesage`,
      contentType: 'application/merge-patch+json',
      body: {
        metadata: { labels: { [label]: value } },
        ...(inTemplate && { spec: { template: { metadata: { labels: { [label]: value } } } } }),
      },
    },
  });
  return `${label}=${value}`;
}

async function wantedValue(
  fleet: OpenClusters,
  { from, value, label }: LabelFix,
  ref: ObjectRef,
  object: KubeObject,
  signal: AbortSignal,
): Promise<string> {
  if (from === 'value') return value;
  let found: string | undefined;
  if (from === 'namespace') {
    if (ref.namespace === '') throw new KubeSageError('invalid', `${ref.name} is in no namespace`);
    const path = `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}`;
    const space = await read<KubeObject>(fleet, ref.cluster, path, signal);
    found = space.metadata.labels?.[label];
    if (found === undefined) {
      throw new KubeSageError('invalid', `The namespace ${ref.namespace} has no label ${label}`, {
        hint: 'Give it one first, or choose a value.',
      });
    }
  } else {
    found = await ownersValue(fleet, ref, object, label, signal);
    if (found === undefined) {
      throw new KubeSageError('invalid', `What controls ${ref.name} has no label ${label}`, {
        hint: 'Choose a value, or take that of the namespace.',
      });
    }
  }
  if (!valueShape.test(found)) throw new KubeSageError('invalid', `${found} is no label value`);
  return found;
}

/** That of the nearest of its owners that has the label. */
async function ownersValue(
  fleet: OpenClusters,
  ref: ObjectRef,
  object: KubeObject,
  label: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let current = object;
  // A pod, its ReplicaSet, its Deployment, and what an operator made that from.
  for (let hops = 0; hops < 4; hops++) {
    const owner = await readOwner(fleet, ref, current, signal);
    if (owner === undefined) return undefined;
    const value = owner.metadata.labels?.[label];
    if (value !== undefined) return value;
    current = owner;
  }
  return undefined;
}

async function readOwner(
  fleet: OpenClusters,
  ref: ObjectRef,
  { metadata }: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const kind: DiscoveredKind | undefined = kindOf(fleet, ref.cluster, owner);
  if (kind === undefined) return undefined;
  try {
    return await read<KubeObject>(fleet, ref.cluster, objectPath(kind, ref.namespace, owner.name), signal);
  } catch (error) {
    // An owner that is gone already owns nothing.
    if (toErrorValue(error).code === 'notFound') return undefined;
    throw error;
  }
}

/** A label that a selector needs is not changed: the selector of a workload cannot follow, and a pod would be let go of. */
async function checkSelectors(
  fleet: OpenClusters,
  {
    ref,
    object,
    label,
    value,
    inTemplate,
    signal,
  }: { ref: ObjectRef; object: KubeObject; label: string; value: string; inTemplate: boolean; signal: AbortSignal },
): Promise<void> {
  if (inTemplate && needs(object, label, value)) {
    throw new KubeSageError('invalid', `The selector of ${ref.name} needs ${label} as it is, and cannot be changed`, {
      hint: 'Label the object alone, or create the workload anew with another selector.',
    });
  }
  if (ref.kind !== 'pods' && ref.kind !== 'replicasets.apps') return;
  const owner = await readOwner(fleet, ref, object, signal);
  if (owner === undefined || !needs(owner, label, value)) return;
  throw new KubeSageError('invalid', `The owner of ${ref.name} selects it by ${label}: it would let go of it`, {
    hint: 'Change the template of the workload instead.',
  });
}

function needs({ spec }: KubeObject, label: string, value: string): boolean {
  const wanted = spec?.selector?.matchLabels?.[label];
  if (wanted !== undefined && wanted !== value) return true;
  return spec?.selector?.matchExpressions?.some(({ key }) => key === label) === true;
}

/** Who would put the object back as it was. */
function sourceText({ metadata: { labels = {}, annotations = {} } }: KubeObject): string | undefined {
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  const release = labels['helm.toolkit.fluxcd.io/name'];
  const tracking =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  const helm = annotations['meta.helm.sh/release-name'];
  const who =
    kustomization !== undefined
      ? `the Kustomization ${kustomization}`
      : release !== undefined
        ? `the HelmRelease ${release}`
        : tracking !== undefined
          ? `the Application ${tracking}`
          : undefined;
  if (who !== undefined)
    return `It comes from Git by ${who}: write the label there as well, or it may be taken away again.`;
  if (helm !== undefined)
    return `It belongs to the Helm release ${helm}: its next upgrade may take the label away again.`;
  return undefined;
}

async function read<T>(fleet: OpenClusters, cluster: string, path: string, signal: AbortSignal): Promise<T> {
  const answer = await fleet.request(cluster, { path, headers: { Accept: 'application/json' }, signal });
  return JSON.parse(new TextDecoder().decode(answer.body)) as T;
}
