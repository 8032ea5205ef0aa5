import { parseAllDocuments, stringify } from 'yaml';
import type { FieldChange } from '../../platform/audit/contract.ts';
import { differences } from '../changes/index.ts';
import type { ManifestChange } from './contract.ts';
import { bothHidden, hiddenValue, hideChanges, hideVariables, isRecord, scrub } from './hidden.ts';

/** One object of a manifest. */
export interface ManifestObject {
  apiVersion: string;
  kind: string;
  name: string;
  /** As written; '' where the manifest names none. */
  namespace: string;
  object: Record<string, unknown>;
}

/** The objects of a manifest, in its order; lists are taken apart. What is no object is left out. */
export function readManifest(manifest: string): ManifestObject[] {
  const found: ManifestObject[] = [];
  const add = (value: unknown) => {
    if (!isRecord(value)) return;
    if (Array.isArray(value.items) && typeof value.kind === 'string' && value.kind.endsWith('List')) {
      for (const item of value.items) add(item);
      return;
    }
    const { apiVersion, kind, metadata } = value;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isRecord(metadata)) return;
    const { name = '', namespace = '' } = metadata;
    found.push({ apiVersion, kind, name: String(name), namespace: String(namespace), object: value });
  };
  for (const document of parseAllDocuments(manifest)) add(document.toJS());
  return found;
}

export function objectTitle({ apiVersion, kind, namespace, name }: Omit<ManifestObject, 'object'>): string {
  return `${apiVersion} ${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** Which object it is, whatever the version of its API. */
function identity({ apiVersion, kind, namespace, name }: ManifestObject): string {
  return [apiVersion.replace(/\/?[^/]*$/, ''), kind, namespace, name].join('\n');
}

/**
 * What differs between two manifests, object by object. Hidden: the data of Secrets, fields whose names look like secrets,
 * and `texts` (values that are hidden elsewhere), unless `reveal`.
 */
export function diffManifests(
  before: string,
  after: string,
  { reveal = false, texts = [] }: { reveal?: boolean; texts?: readonly string[] } = {},
): ManifestChange[] {
  const old = new Map(readManifest(before).map((each) => [identity(each), each]));
  const changes: ManifestChange[] = [];
  const yamlOf = (each: ManifestObject) => {
    const shown = stringify(reveal ? each.object : hideSecret(each.object));
    return reveal ? shown : scrub(hideVariables(shown), texts);
  };
  for (const each of readManifest(after)) {
    const was = old.get(identity(each));
    old.delete(identity(each));
    const object = objectTitle(each);
    if (was === undefined) changes.push({ object, change: 'added', changes: [], yaml: yamlOf(each) });
    else {
      const found = differences(was.object, each.object);
      if (found.length === 0) continue;
      changes.push({
        object,
        change: 'changed',
        changes: reveal ? found : hideFields(found, isSecret(each), texts),
        yaml: '',
      });
    }
  }
  for (const was of old.values()) {
    changes.push({ object: objectTitle(was), change: 'removed', changes: [], yaml: yamlOf(was) });
  }
  return changes;
}

/** Changes of one object's fields as they may be shown. */
export function hideFields(changes: readonly FieldChange[], secret: boolean, texts: readonly string[]): FieldChange[] {
  const hidden = changes.map((change) =>
    secret && /^\/(data|stringData)(\/|$)/.test(change.path) ? bothHidden(change) : change,
  );
  return hideChanges(hidden).map((change) => scrubChange(change, texts));
}

function scrubChange(change: FieldChange, texts: readonly string[]): FieldChange {
  if (texts.length === 0) return change;
  const scrubbed = scrub(
    JSON.stringify(change),
    texts.map((text) => JSON.stringify(text).slice(1, -1)),
  );
  return JSON.parse(scrubbed) as FieldChange;
}

export function isSecret({ apiVersion, kind }: Pick<ManifestObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

/** The object with the data of a Secret hidden; others as they are. */
export function hideSecret(object: Record<string, unknown>): Record<string, unknown> {
  if (object.apiVersion !== 'v1' || object.kind !== 'Secret') return object;
  const hide = (part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.keys(part).map((key) => [key, hiddenValue])) : hiddenValue;
  return {
    ...object,
    ...(object.data !== undefined && { data: hide(object.data) }),
    ...(object.stringData !== undefined && { stringData: hide(object.stringData) }),
  };
}

/**
 * A manifest as it may be shown, with its comments (they name the templates) where nothing of it is hidden: documents that are
 * Secrets are written anew.
 */
export function hideManifest(manifest: string, texts: readonly string[]): { manifest: string; hidden: string[] } {
  const hidden: string[] = [];
  const parts = manifest.split(/^---\s*$/m).map((part) => {
    if (!/^kind:\s*["']?(Secret|List|SecretList)\b/m.test(part)) return part;
    const objects = readManifest(part);
    for (const each of objects) if (isSecret(each)) hidden.push(objectTitle(each));
    const comment = /^\s*(# Source: .*)$/m.exec(part)?.[1];
    const written = objects.map(({ object }) => stringify(hideSecret(object))).join('---\n');
    return `\n${comment === undefined ? '' : `${comment}\n`}${written}`;
  });
  return { manifest: scrub(hideVariables(parts.join('---')), texts), hidden };
}

/**
 * Own values over a chart's defaults, as helm merges them: tables by key, everything else replaced as a whole, and a null takes a
 * default away.
 */
export function mergeValues(own: unknown, defaults: unknown): unknown {
  if (!isRecord(own) || !isRecord(defaults)) return own === undefined ? defaults : own;
  const merged: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(defaults), ...Object.keys(own)])) {
    const given = Object.hasOwn(own, key);
    if (given && own[key] === null) continue;
    const value =
      given && Object.hasOwn(defaults, key) ? mergeValues(own[key], defaults[key]) : given ? own[key] : defaults[key];
    if (value !== null) merged.push([key, value]);
  }
  return Object.fromEntries(merged);
}

/**
 * Fields of a manifest that are otherwise in the cluster, by comparison alone: what the manifest does not name is not looked at,
 * and lists of named things are compared by name. Quantities and other texts that mean the same may differ.
 */
export function fieldsThatDiffer(wanted: unknown, live: unknown, path = ''): FieldChange[] {
  if (path === '/status' || path === '/metadata/creationTimestamp') return [];
  if (isRecord(wanted)) {
    const other = isRecord(live) ? live : {};
    return Object.entries(wanted).flatMap(([key, value]) =>
      value === null
        ? []
        : fieldsThatDiffer(value, Object.hasOwn(other, key) ? other[key] : undefined, `${path}/${pointerPart(key)}`),
    );
  }
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.every((item) => isRecord(item) && 'name' in item)) {
    return wanted.flatMap((item, at) => {
      const same = live.find((other) => isRecord(other) && other.name === item.name);
      return fieldsThatDiffer(item, same, `${path}/${at}`);
    });
  }
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length) {
    return wanted.flatMap((item, at) => fieldsThatDiffer(item, live[at], `${path}/${at}`));
  }
  // An empty text or list that the server leaves out is the same.
  if (live === undefined && (wanted === '' || (Array.isArray(wanted) && wanted.length === 0))) return [];
  if (Object.is(wanted, live) || (typeof wanted !== 'object' && String(wanted) === String(live))) return [];
  return [{ path, before: wanted, ...(live != null && { after: live }) }];
}

function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
