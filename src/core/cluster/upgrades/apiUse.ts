import type { ObjectRef } from '../resources/contract.ts';
import type { ApiUse, Severity } from './contract.ts';
import { apiVersions } from './data/apis.ts';
import type { CustomVersion, Use } from './evidence.ts';

/** One line of the table of Kubernetes' own API versions that were deprecated or removed. */
export interface ApiVersion {
  group: string;
  version: string;
  kind: string;
  deprecated: number | null;
  removed: number | null;
  replacement: string;
}

const table: readonly ApiVersion[] = apiVersions.map(([group, version, kind, , deprecated, removed, replacement]) => ({
  group,
  version,
  kind,
  deprecated: deprecated === 0 ? null : deprecated,
  removed: removed === 0 ? null : removed,
  replacement,
}));
const byKey = new Map(table.map((each) => [keyOf(each), each]));

function keyOf({ group, version, kind }: { group: string; version: string; kind: string }): string {
  return `${group}/${version}/${kind}`;
}

export function findApi(group: string, version: string, kind: string): ApiVersion | undefined {
  return byKey.get(keyOf({ group, version, kind }));
}

/** By the plural that URLs have, as metrics name it. */
export function findResource(group: string, version: string, resource: string): ApiVersion | undefined {
  return table.find((each) => each.group === group && each.version === version && pluralOf(each.kind) === resource);
}

/** Kinds of which there was another version once: only their objects can tell of an old one. */
export function hasOtherVersions(group: string, kind: string): boolean {
  return table.some(
    (each) =>
      each.kind === kind && (each.group === group || each.replacement.startsWith(group === '' ? 'v' : `${group}/`)),
  );
}

/** As Kubernetes forms the names of its own resources. */
function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/(s|x|ch)$/.test(lower)) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** `apps/v1` as group and version. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** What upgrades read of an object's metadata. */
export interface WrittenObject {
  managedFields?: readonly { apiVersion?: string; manager?: string; time?: string; operation?: string }[];
  annotations?: Readonly<Record<string, string>>;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Versions of its API in which an object was written, where they are deprecated: by its field managers, and by
 * `kubectl apply`, which keeps the manifest that it was given. `custom` says it of kinds that are not Kubernetes' own.
 */
export function usesOf(
  object: ObjectRef,
  kind: string,
  metadata: WrittenObject,
  custom: readonly CustomVersion[] = [],
): Use[] {
  const uses: Use[] = [];
  const isOld = (group: string, version: string, of: string) =>
    findApi(group, version, of) !== undefined ||
    custom.some((each) => each.group === group && each.version === version && each.kind === of);
  const text = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  for (const { apiVersion = '', manager = '', time = '' } of metadata.managedFields ?? []) {
    const { group, version } = splitApiVersion(apiVersion);
    if (!isOld(group, version, kind)) continue;
    const at = Date.parse(time);
    const same = uses.find((use) => use.group === group && use.version === version && use.writer === manager);
    if (same === undefined) {
      uses.push({
        group,
        version,
        kind,
        via: 'fields',
        object,
        text,
        writer: manager,
        at: Number.isNaN(at) ? null : at,
      });
    } else if (!Number.isNaN(at) && (same.at ?? 0) < at) same.at = at;
  }
  const manifest = readApplied(metadata.annotations?.[lastApplied]);
  if (manifest !== undefined) {
    const { group, version } = splitApiVersion(manifest.apiVersion);
    if (isOld(group, version, manifest.kind)) {
      uses.push({
        group,
        version,
        kind: manifest.kind,
        via: 'applied',
        object,
        text,
        writer: 'kubectl apply',
        at: null,
      });
    }
  }
  return uses;
}

function readApplied(text: string | undefined): { apiVersion: string; kind: string } | undefined {
  if (text === undefined) return undefined;
  try {
    const { apiVersion, kind } = JSON.parse(text) as { apiVersion?: unknown; kind?: unknown };
    return typeof apiVersion === 'string' && typeof kind === 'string' ? { apiVersion, kind } : undefined;
  } catch {
    // Somebody has written something else there: it tells nothing.
    return undefined;
  }
}

/** Lines of `apiserver_requested_deprecated_apis` in the text of an API server's metrics. */
export function readRequested(
  metrics: string,
): { group: string; version: string; resource: string; removed: string }[] {
  const found: { group: string; version: string; resource: string; removed: string }[] = [];
  for (const [, labels = '', value] of metrics.matchAll(/^apiserver_requested_deprecated_apis\{([^}]*)\} (\S+)/gm)) {
    if (Number(value) === 0) continue;
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const resource = label('resource');
    const subresource = label('subresource');
    found.push({
      group: label('group'),
      version: label('version'),
      resource: subresource === '' ? resource : `${resource}/${subresource}`,
      removed: label('removed_release'),
    });
  }
  return found;
}

/** Uses that are kept of one version; the others are counted. */
const mostUses = 200;

/** What is used, a row a version, judged for an upgrade from one minor release to another; the worst first. */
export function judgeApis(
  uses: readonly Use[],
  custom: readonly CustomVersion[],
  { minor, target }: { minor: number; target: number },
): ApiUse[] {
  const rows = new Map<string, ApiUse>();
  for (const use of uses) {
    const key = keyOf(use);
    let row = rows.get(key);
    if (row === undefined) {
      row = emptyRow(use, custom, { minor, target });
      rows.set(key, row);
    }
    const { via, object, text, writer, at } = use;
    if (row.uses.length < mostUses) row.uses.push({ via, ...(object !== undefined && { object }), text, writer, at });
    else row.more++;
  }
  // That a server serves a version is no use of it: it is told only beside a use.
  const used = [...rows.values()].filter((row) => row.uses.some(({ via }) => via !== 'served'));
  const weight = { blocker: 0, warning: 1, note: 2 };
  return used.sort((a, b) => weight[a.severity] - weight[b.severity] || (a.key < b.key ? -1 : 1));
}

function emptyRow(
  use: Use,
  custom: readonly CustomVersion[],
  { minor, target }: { minor: number; target: number },
): ApiUse {
  const known = findApi(use.group, use.version, use.kind);
  const own = custom.find((each) => each.group === use.group && each.version === use.version && each.kind === use.kind);
  const { group, version, kind } = use;
  const removed = known?.removed ?? null;
  const severity: Severity =
    known === undefined
      ? own !== undefined && !own.served
        ? 'warning'
        : 'note'
      : removed === null
        ? 'note'
        : removed > minor && removed <= target
          ? 'blocker'
          : removed <= minor
            ? 'warning'
            : 'note';
  return {
    key: keyOf(use),
    group,
    version,
    kind,
    deprecated: known?.deprecated ?? null,
    removed,
    replacement: known?.replacement || (own === undefined ? '' : `${own.group}/${own.storage} ${own.kind}`),
    severity,
    uses: [],
    more: 0,
  };
}
