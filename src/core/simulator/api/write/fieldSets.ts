import { type Fields, type FieldTree, isFields, type KubeObject } from '../../objects.ts';
import { sameValue } from './sameValue.ts';

/**
 * Which lists are merged by keys, by the name of the field. From the `x-kubernetes-list-map-keys` of the built-in
 * schemas; where one name has two meanings (`ports`), the item decides.
 */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  webhooks: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  resourceClaims: ['name'],
};

/** Maps that are replaced as a whole. */
const atomicMaps = new Set([
  'selector',
  'nodeSelector',
  'labelSelector',
  'podSelector',
  'namespaceSelector',
  'fieldRef',
  'secretKeyRef',
  'configMapKeyRef',
  'resourceFieldRef',
]);

/** The keys of an item of a merged list; undefined for a list that is replaced as a whole. */
export function keysOf(field: string, item: unknown, custom: boolean): readonly string[] | undefined {
  if (!isFields(item)) return undefined;
  if (custom && field !== 'ownerReferences') return undefined;
  if (field === 'ports') {
    if ('containerPort' in item) return ['containerPort', 'protocol'];
    return 'port' in item && !('endPort' in item) ? ['port', 'protocol'] : undefined;
  }
  const keys = listKeys[field];
  return keys?.every((key) => key in item) === true ? keys : undefined;
}

/** `k:{"name":"web"}`, keys in alphabetical order. A port's protocol is TCP when it is not said. */
export function itemPath(item: Fields, keys: readonly string[]): string {
  const values = keys.map((key) => [key, item[key] ?? (key === 'protocol' ? 'TCP' : '')]);
  return `k:${JSON.stringify(Object.fromEntries(values.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))))}`;
}

export function isSet(field: string, value: unknown): value is string[] {
  return field === 'finalizers' && Array.isArray(value);
}

/** What no manager owns: the server's own fields. */
const unmanaged = new Set(['apiVersion', 'kind']);
const unmanagedMetadata = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'generateName',
  'selfLink',
]);

/** The fields that an object sets, down to its leaves. */
export function fieldsOf(object: Fields, custom: boolean): FieldTree {
  const tree: FieldTree = {};
  for (const [key, value] of Object.entries(object)) {
    if (unmanaged.has(key) || value === undefined) continue;
    if (key === 'metadata' && isFields(value)) {
      const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !unmanagedMetadata.has(name)));
      const metadata = valueTree('metadata', kept, custom);
      if (!isEmpty(metadata)) tree['f:metadata'] = metadata;
    } else tree[`f:${key}`] = valueTree(key, value, custom);
  }
  return tree;
}

function valueTree(field: string, value: unknown, custom: boolean): FieldTree {
  if (isSet(field, value)) return Object.fromEntries(value.map((item) => [`v:${JSON.stringify(item)}`, {}]));
  if (Array.isArray(value)) {
    const keys = value.map((item) => keysOf(field, item, custom));
    if (value.length === 0 || keys.includes(undefined)) return {};
    const tree: FieldTree = {};
    value.forEach((item: Fields, index) => {
      tree[itemPath(item, keys[index] ?? [])] = { '.': {}, ...valueTree('', item, custom) };
    });
    return tree;
  }
  if (!isFields(value) || atomicMaps.has(field)) return {};
  const tree: FieldTree = {};
  for (const [key, child] of Object.entries(value)) {
    if (child !== undefined) tree[`f:${key}`] = valueTree(key, child, custom);
  }
  return tree;
}

/** The fields whose value an update added or changed; removed ones belong to nobody afterwards. */
export function changedFields(before: KubeObject | undefined, after: KubeObject, custom: boolean): FieldTree {
  const all = fieldsOf(after, custom);
  if (before === undefined) return all;
  return filterLeaves(all, (path) => !sameValue(valueAt(before, path), valueAt(after, path)));
}

/** The value at a path of a field tree; undefined when absent. */
export function valueAt(object: unknown, path: readonly string[]): unknown {
  let current: unknown = object;
  for (const step of path) {
    if (step === '.') return isFields(current) ? true : undefined;
    if (step.startsWith('f:')) current = isFields(current) ? current[step.slice(2)] : undefined;
    else if (!Array.isArray(current)) return undefined;
    else current = findItem(current, step);
    if (current === undefined) return undefined;
  }
  return current;
}

export function findItem(list: readonly unknown[], step: string): unknown {
  const wanted: unknown = JSON.parse(step.slice(2));
  if (step.startsWith('v:')) return list.find((item) => item === wanted);
  return list.find((item) => isFields(item) && isFields(wanted) && itemPath(item, Object.keys(wanted)) === step);
}

export function isEmpty(tree: FieldTree): boolean {
  return Object.keys(tree).length === 0;
}

/** Visits every leaf: a path with nothing below. */
export function* leaves(tree: FieldTree, prefix: readonly string[] = []): Generator<string[]> {
  for (const [step, below] of Object.entries(tree)) {
    if (isEmpty(below)) yield [...prefix, step];
    else yield* leaves(below, [...prefix, step]);
  }
}

export function fromLeaves(paths: Iterable<readonly string[]>): FieldTree {
  const tree: FieldTree = {};
  for (const path of paths) {
    let current = tree;
    for (const step of path) current = current[step] ??= {};
  }
  return tree;
}

function filterLeaves(tree: FieldTree, keep: (path: readonly string[]) => boolean): FieldTree {
  return fromLeaves([...leaves(tree)].filter(keep));
}

export function hasLeaf(tree: FieldTree, path: readonly string[]): boolean {
  let current: FieldTree | undefined = tree;
  for (const step of path) {
    current = current[step];
    if (current === undefined) return false;
  }
  return isEmpty(current);
}

export function subtract(tree: FieldTree, other: FieldTree): FieldTree {
  return filterLeaves(tree, (path) => !hasLeaf(other, path));
}

export function union(a: FieldTree, b: FieldTree): FieldTree {
  return fromLeaves([...leaves(a), ...leaves(b)]);
}

/** `.spec.containers[name="web"].image`, as conflicts are reported. */
export function printPath(path: readonly string[]): string {
  return path
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys: unknown = step === '.' ? {} : JSON.parse(step.slice(2));
      const pairs = Object.entries(isFields(keys) ? keys : {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      return step === '.' ? '' : `[${pairs.join(',')}]`;
    })
    .join('');
}
