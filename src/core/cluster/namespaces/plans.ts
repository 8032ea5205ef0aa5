import { stringify } from 'yaml';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { type ChangeRequest, differences, type Plan, type Step } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import type { NamespaceOperation, NamespacePreview, QuotaEffect } from './contract.ts';
import { namespacePath, readContents, readJson } from './detail.ts';
import { type KubeObject, quotaEffects } from './model.ts';
import { quotaObject, type TemplateObject, templateObjects } from './objects.ts';

const manager = 'fieldManager=kubesage&fieldValidation=Strict';

type Create = Extract<NamespaceOperation, { operation: 'create' }>;
type Quota = Extract<NamespaceOperation, { operation: 'quota' }>;
type Delete = Extract<NamespaceOperation, { operation: 'delete' }>;

/** What an operation is as a plan of `cluster/changes`: one step a namespace. */
export function planOf(fleet: OpenClusters, operation: NamespaceOperation): Plan {
  switch (operation.operation) {
    case 'create':
      return {
        action: 'namespaces.create',
        title: `Create the namespace ${operation.namespace}`,
        danger: false,
        steps: operation.clusters.map((cluster) => createStep(fleet, operation, cluster)),
      };
    case 'quota':
      return {
        action: 'namespaces.quota',
        title: `Set the quota ${operation.name} of ${operation.namespace}`,
        danger: false,
        steps: [quotaStep(fleet, operation)],
      };
    case 'delete':
      return {
        action: 'namespaces.delete',
        title:
          operation.namespaces.length === 1
            ? `Delete the namespace ${operation.namespaces[0]?.namespace}`
            : `Delete ${operation.namespaces.length} namespaces`,
        danger: true,
        steps: operation.namespaces.map(({ cluster, namespace }): Step => {
          const object = { cluster, kind: 'namespaces', namespace: '', name: namespace };
          return {
            object,
            async perform({ send }) {
              const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' };
              await send({ object, request: { method: 'DELETE', path: namespacePath(namespace), body } });
              return 'Being deleted';
            },
          };
        }),
      };
  }
}

/** What an operation would do, namespace by namespace; nothing is changed. */
export async function previewOf(
  fleet: OpenClusters,
  operation: NamespaceOperation,
  signal: AbortSignal,
): Promise<NamespacePreview[]> {
  switch (operation.operation) {
    case 'create':
      return Promise.all(operation.clusters.map((cluster) => previewCreate(fleet, operation, cluster, signal)));
    case 'quota':
      return [await previewQuota(fleet, operation, signal)];
    case 'delete':
      return previewDelete(fleet, operation, signal);
  }
}

function createStep(fleet: OpenClusters, { namespace, body, existing, takeOver }: Create, cluster: string): Step {
  const [first, ...inside] = templateObjects(namespace, body);
  const refOf = ({ kind, object }: TemplateObject): ObjectRef => ({
    cluster,
    kind,
    namespace: kind === 'namespaces' ? '' : namespace,
    name: object.metadata.name,
  });
  const self = refOf(first);
  return {
    object: self,
    async perform({ send, act, say, signal, dryRun }) {
      const there = (await readOrNull(fleet, cluster, namespacePath(namespace), signal)) !== null;
      if (there && !existing) throw alreadyThere(namespace);
      if (there) {
        for (const each of [first, ...inside]) {
          say(`${each.object.kind} ${each.object.metadata.name}`);
          await send({ object: refOf(each), request: applyRequest(fleet, cluster, each, takeOver) });
        }
        return 'Applied to what was there';
      }
      const create = applyRequest(fleet, cluster, first, false);
      if (dryRun) {
        await send({ object: self, request: create });
        return undefined;
      }
      await act({
        object: self,
        request: `${create.method} ${create.path}`,
        async perform(ended) {
          return differences(null, await sendRequest(fleet, cluster, create, ended));
        },
        inverse: removeStep(fleet, self),
      });
      for (const each of inside) {
        say(`${each.object.kind} ${each.object.metadata.name}`);
        await send({ object: refOf(each), request: applyRequest(fleet, cluster, each, false) });
      }
      return `Created with ${inside.length} ${inside.length === 1 ? 'object' : 'objects'}`;
    },
  };
}

/** Takes a namespace away again, while nothing is in it that somebody has put there since. */
function removeStep(fleet: OpenClusters, object: ObjectRef): Step {
  return {
    object,
    async perform({ send, signal }) {
      const where = { cluster: object.cluster, namespace: object.name };
      const { contents } = await readContents(fleet, where, signal);
      if (contents.length > 0) {
        const found = contents.map(({ kindName, count }) => `${count} ${kindName}`).join(', ');
        throw new KubeSageError('conflict', `There is something in ${object.name} by now: ${found}`, {
          hint: 'Delete the namespace from its page, which shows what goes with it.',
        });
      }
      await send({ object, inverse: null, request: { method: 'DELETE', path: namespacePath(object.name) } });
      return 'Taken back';
    },
  };
}

function quotaStep(fleet: OpenClusters, operation: Quota): Step {
  const { cluster, namespace, name } = operation;
  const object = { cluster, kind: 'resourcequotas', namespace, name };
  return {
    object,
    async perform({ send, signal }) {
      const { request, path } = await quotaRequest(fleet, operation, signal);
      await send({ object, subject: path, request });
      return 'Written';
    },
  };
}

async function quotaRequest(
  fleet: OpenClusters,
  { cluster, namespace, name, hard }: Quota,
  signal: AbortSignal,
): Promise<{ request: ChangeRequest; path: string; before: KubeObject | null }> {
  const root = `${namespacePath(namespace)}/resourcequotas`;
  const path = `${root}/${encodeURIComponent(name)}`;
  const before = await readOrNull(fleet, cluster, path, signal);
  if (before === null) {
    const body = quotaObject(namespace, name, hard);
    return { before, path, request: { method: 'POST', path: `${root}?${manager}`, body } };
  }
  const old = (before.spec?.hard ?? {}) as Record<string, string>;
  const gone = Object.fromEntries(Object.keys(old).map((resource) => [resource, null]));
  const request: ChangeRequest = {
    method: 'PATCH',
    path: `${path}?${manager}`,
    contentType: 'application/merge-patch+json',
    body: { spec: { hard: { ...gone, ...hard } } },
  };
  return { before, path, request };
}

function emptyPreview(fleet: OpenClusters, cluster: string, namespace: string): NamespacePreview {
  const clusterName = fleet.byId(cluster)?.name ?? cluster;
  return { cluster, clusterName, namespace, exists: true, objects: [], quota: [], contents: [], notes: [] };
}

async function previewCreate(
  fleet: OpenClusters,
  { namespace, body, existing, takeOver }: Create,
  cluster: string,
  signal: AbortSignal,
): Promise<NamespacePreview> {
  const preview = emptyPreview(fleet, cluster, namespace);
  try {
    preview.exists = (await readOrNull(fleet, cluster, namespacePath(namespace), signal)) !== null;
    if (preview.exists && !existing) throw alreadyThere(namespace);
    const objects = templateObjects(namespace, body);
    preview.objects = preview.exists
      ? await Promise.all(objects.map((each) => previewApply(fleet, cluster, each, takeOver, signal)))
      : await Promise.all(objects.map((each) => previewNew(fleet, cluster, each, signal)));
    preview.notes = notesOf(objects);
    return preview;
  } catch (error) {
    signal.throwIfAborted();
    const { message, hint } = toErrorValue(error);
    return { ...preview, error: message, ...(hint !== undefined && { hint }) };
  }
}

type PreviewObject = NamespacePreview['objects'][number];

function titleOf({ object }: TemplateObject): string {
  return `${object.kind} ${object.metadata.name}`;
}

async function previewApply(
  fleet: OpenClusters,
  cluster: string,
  each: TemplateObject,
  takeOver: boolean,
  signal: AbortSignal,
): Promise<PreviewObject> {
  const shown = { title: titleOf(each), changes: [], yaml: '' };
  try {
    const before = await readOrNull(fleet, cluster, pathOf(fleet, cluster, each), signal);
    const after = await sendRequest(fleet, cluster, dry(applyRequest(fleet, cluster, each, takeOver)), signal);
    if (before === null) return { ...shown, change: 'added', yaml: stringify(each.object) };
    const changes = differences(before, after);
    return { ...shown, change: changes.length === 0 ? 'same' : 'changed', changes };
  } catch (error) {
    signal.throwIfAborted();
    const { message, hint } = toErrorValue(error);
    return { ...shown, change: 'changed', error: message, ...(hint !== undefined && { hint }) };
  }
}

/**
 * A dry run of something that is to be in a namespace that is not there yet is refused for that alone. The same is
 * therefore asked of `default`, under a name of its own: what the server says to it, it would say there.
 */
async function previewNew(
  fleet: OpenClusters,
  cluster: string,
  each: TemplateObject,
  signal: AbortSignal,
): Promise<PreviewObject> {
  const shown: PreviewObject = { title: titleOf(each), change: 'added', changes: [], yaml: stringify(each.object) };
  const isSelf = each.kind === 'namespaces';
  const metadata = { ...each.object.metadata, namespace: 'default', name: 'kubesage-check' };
  const asked = isSelf ? each : { ...each, object: { ...each.object, metadata } };
  try {
    const request = applyRequest(fleet, cluster, asked, false);
    await sendRequest(fleet, cluster, dry(request), signal);
    return shown;
  } catch (error) {
    signal.throwIfAborted();
    const { code, message, hint } = toErrorValue(error);
    // Who may not write to `default` may still write to what they create.
    if (!isSelf && code === 'forbidden' && !/escalat|attempting to grant|exceeded quota/.test(message)) {
      return { ...shown, unchecked: message };
    }
    return { ...shown, error: message, ...(hint !== undefined && { hint }) };
  }
}

/** What a template's parts mean for each other. */
function notesOf(objects: readonly TemplateObject[]): string[] {
  const quota = objects.find(({ kind }) => kind === 'resourcequotas')?.object;
  const limits = objects.find(({ kind }) => kind === 'limitranges')?.object;
  const hard = Object.keys((quota?.spec?.hard ?? {}) as object);
  const given = ((limits?.spec?.limits as Record<string, object>[] | undefined) ?? [])[0] ?? {};
  const missing = hard.filter((resource) => {
    const [, side, name] = /^(requests|limits)\.(cpu|memory)$/.exec(resource) ?? [];
    if (side === undefined || name === undefined) return false;
    const defaults = side === 'requests' ? { ...given.default, ...given.defaultRequest } : (given.default ?? {});
    return !(name in defaults);
  });
  if (missing.length === 0) return [];
  return [
    `Pods that do not say ${missing.join(' and ')} themselves will be refused: the quota counts it, and no default is given.`,
  ];
}

async function previewQuota(fleet: OpenClusters, operation: Quota, signal: AbortSignal): Promise<NamespacePreview> {
  const { cluster, namespace, name, hard } = operation;
  const preview = emptyPreview(fleet, cluster, namespace);
  try {
    const { request, before } = await quotaRequest(fleet, operation, signal);
    const old = (before?.spec?.hard ?? {}) as Record<string, string>;
    const used = {
      ...(await usedElsewhere(fleet, operation, signal)),
      ...((before?.status?.used ?? {}) as Record<string, string>),
    };
    preview.quota = quotaEffects(old, hard, used);
    const title = `ResourceQuota ${name}`;
    try {
      const after = await sendRequest(fleet, cluster, dry(request), signal);
      const changes = before === null ? [] : differences(before, after);
      preview.objects = [
        before === null
          ? { title, change: 'added', changes, yaml: stringify(quotaObject(namespace, name, hard)) }
          : { title, change: changes.length === 0 ? 'same' : 'changed', changes, yaml: '' },
      ];
    } catch (error) {
      signal.throwIfAborted();
      const { message, hint } = toErrorValue(error);
      preview.objects = [
        { title, change: 'changed', changes: [], yaml: '', error: message, ...(hint !== undefined && { hint }) },
      ];
    }
    preview.notes = quotaNotes(preview.quota);
    return preview;
  } catch (error) {
    signal.throwIfAborted();
    const { message, hint } = toErrorValue(error);
    return { ...preview, error: message, ...(hint !== undefined && { hint }) };
  }
}

function quotaNotes(effects: readonly QuotaEffect[]): string[] {
  const over = effects.filter(({ state }) => state === 'over').map(({ resource }) => resource);
  if (over.length === 0) return [];
  return [
    `More is used already of ${over.join(', ')}: what runs goes on, but nothing that needs more is admitted, and pods that go are not replaced.`,
  ];
}

/** What other quotas of the namespace have counted of the same. */
async function usedElsewhere(
  fleet: OpenClusters,
  { cluster, namespace }: Quota,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const path = `${namespacePath(namespace)}/resourcequotas`;
  const { items } = await readJson<{ items: KubeObject[] }>(fleet, cluster, path, signal);
  // One with scopes counts some pods only.
  const whole = items.filter(({ spec }) => spec?.scopes === undefined && spec?.scopeSelector === undefined);
  return Object.assign({}, ...whole.map(({ status }) => status?.used ?? {})) as Record<string, string>;
}

async function previewDelete(
  fleet: OpenClusters,
  { namespaces }: Delete,
  signal: AbortSignal,
): Promise<NamespacePreview[]> {
  const previews: NamespacePreview[] = [];
  for (const { cluster, namespace } of namespaces) {
    const preview = emptyPreview(fleet, cluster, namespace);
    previews.push(preview);
    try {
      const request: ChangeRequest = { method: 'DELETE', path: namespacePath(namespace) };
      await sendRequest(fleet, cluster, dry(request), signal);
      const { contents, unknown } = await readContents(fleet, { cluster, namespace }, signal);
      preview.contents = contents;
      preview.objects = [{ title: `Namespace ${namespace}`, change: 'removed', changes: [], yaml: '' }];
      preview.notes = [
        'Undo brings the namespace back, and not what was in it.',
        ...(unknown.length === 0 ? [] : [`You may not list ${unknown.join(', ')}: there may be more of them.`]),
      ];
    } catch (error) {
      signal.throwIfAborted();
      const { message, hint } = toErrorValue(error);
      Object.assign(preview, { error: message, ...(hint !== undefined && { hint }) });
    }
  }
  return previews;
}

function alreadyThere(namespace: string): KubeSageError {
  return new KubeSageError('conflict', `There is a namespace ${namespace} already`, {
    hint: 'Apply the template to it instead, or choose another name.',
  });
}

function pathOf(fleet: OpenClusters, cluster: string, { kind, object }: TemplateObject): string {
  const served = fleet.byId(cluster)?.kinds.find(({ id }) => id === kind);
  if (served === undefined) {
    throw new KubeSageError('notFound', `${fleet.byId(cluster)?.name ?? cluster} does not serve ${object.kind}`);
  }
  const { name = 'x', namespace = '' } = object.metadata;
  return objectPath(served, kind === 'namespaces' ? '' : namespace, name);
}

/** Server-side apply: what is not there is created, and what a template says later can be applied over it. */
function applyRequest(fleet: OpenClusters, cluster: string, each: TemplateObject, takeOver: boolean): ChangeRequest {
  return {
    method: 'PATCH',
    path: `${pathOf(fleet, cluster, each)}?${manager}${takeOver ? '&force=true' : ''}`,
    contentType: 'application/apply-patch+yaml',
    body: each.object,
  };
}

function dry(request: ChangeRequest): ChangeRequest {
  return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}dryRun=All` };
}

async function sendRequest(
  fleet: OpenClusters,
  cluster: string,
  { method, path, contentType = 'application/json', body }: ChangeRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await fleet.request(cluster, {
    method,
    path,
    headers: { Accept: 'application/json', ...(body !== undefined && { 'Content-Type': contentType }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  });
  return JSON.parse(new TextDecoder().decode(answer.body));
}

async function readOrNull(
  fleet: OpenClusters,
  cluster: string,
  path: string,
  signal: AbortSignal,
): Promise<KubeObject | null> {
  try {
    return await readJson<KubeObject>(fleet, cluster, path, signal);
  } catch (error) {
    if (toErrorValue(error).code === 'notFound') return null;
    throw error;
  }
}
