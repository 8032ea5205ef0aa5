import { type Document, isMap, parseDocument } from 'yaml';
import type { Chart, Release } from '../../../core/cluster/helm/contract.ts';
import { formatLocation, pathOf } from '../../app/router.ts';
import type { Tone } from '../../ui/index.ts';

const tones: Record<string, Tone> = {
  deployed: 'healthy',
  failed: 'failed',
  superseded: 'stopped',
  uninstalled: 'stopped',
  uninstalling: 'progressing',
};

/** `pending-install`, `pending-upgrade` and `pending-rollback` are on their way. */
export function toneOf(status: string): Tone {
  return tones[status] ?? (status.startsWith('pending') ? 'progressing' : 'unknown');
}

export function releasePath({ cluster, namespace, name }: Pick<Release, 'cluster' | 'namespace' | 'name'>): string {
  return pathOf('/helm/:cluster/:namespace/:name', { cluster, namespace, name });
}

/** Releases with all words in what is shown of them; those that ask for somebody come first, then by name. */
export function findReleases(releases: readonly Release[], text: string): Release[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = releases.filter((release) => {
    const shown = [
      release.name,
      release.namespace,
      release.clusterName,
      release.status,
      release.chart,
      release.chartVersion,
      release.appVersion,
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
  const urgency = ({ status }: Release) => (status === 'deployed' ? 1 : 0);
  return found.sort(
    (a, b) => urgency(a) - urgency(b) || a.name.localeCompare(b.name) || a.clusterName.localeCompare(b.clusterName),
  );
}

/** A chart's own page. */
export function chartPath(chart: string, version?: string): string {
  return formatLocation(pathOf('/helm/charts/:chart', { chart }), { version });
}

/** A repository of the charts' list: `acorn/shop` is a chart of one, a path or an address is not. */
export function isRepositoryChart(chart: string): boolean {
  return /^\w[\w.-]*\/[\w.-]+$/.test(chart);
}

/** Compares versions by their numbers, a version before its release (`1.0.0-rc.1`) being older. Negative: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => {
    const [, numbers = '0', pre = ''] = /^v?(\d+(?:\.\d+)*)(?:-([^+]*))?/.exec(version) ?? [];
    return { numbers: numbers.split('.').map(Number), pre };
  }) as [{ numbers: number[]; pre: string }, { numbers: number[]; pre: string }];
  for (let at = 0; at < Math.max(left.numbers.length, right.numbers.length); at++) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === '' || right.pre === '') return left.pre === '' ? 1 : -1;
  return left.pre.localeCompare(right.pre, 'en', { numeric: true });
}

/** The newest version of each chart's name that repositories have, and where: another chart may be called the same. */
export function newestByName(charts: readonly Chart[]): Map<string, Chart> {
  const newest = new Map<string, Chart>();
  for (const chart of charts) {
    const name = chart.name.slice(chart.name.indexOf('/') + 1);
    const known = newest.get(name);
    if (!chart.deprecated && (known === undefined || compareVersions(known.version, chart.version) < 0))
      newest.set(name, chart);
  }
  return newest;
}

/**
 * YAML in which what differs between two values is written: the rest keeps its place, its writing and its comments. What is
 * taken out is written as null where the text itself does not have it, so that helm takes the chart's default away.
 */
export function withChanges(text: string, before: unknown, after: unknown): string {
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) return text;
  if (!isMap(document.contents)) document.contents = document.createNode({});
  change(document, [], before, after);
  return document.toString();
}

/** The chart's defaults with a release's own values over them, as helm merges them; undefined while they are no YAML. */
export function mergedValues(defaults: string, own: string): Record<string, unknown> | undefined {
  const [under, over] = [defaults, own].map((text) => {
    const document = parseDocument(text);
    return document.errors.length > 0 ? undefined : (document.toJS() ?? {});
  });
  return isTable(under) && isTable(over) ? (merge(under, over) as Record<string, unknown>) : undefined;
}

function merge(under: unknown, over: unknown): unknown {
  if (!isTable(under) || !isTable(over)) return over;
  const merged: [string, unknown][] = [...new Set([...Object.keys(under), ...Object.keys(over)])]
    .filter((key) => !(Object.hasOwn(over, key) && over[key] === null))
    .map((key) => [key, Object.hasOwn(over, key) ? merge(under[key], over[key]) : under[key]]);
  return Object.fromEntries(merged);
}

function change(document: Document, path: readonly string[], before: unknown, after: unknown): void {
  if (isTable(before) && isTable(after)) {
    for (const key of Object.keys(before)) {
      if (after[key] !== undefined) continue;
      if (document.hasIn([...path, key])) document.deleteIn([...path, key]);
      else document.setIn([...path, key], null);
    }
    for (const [key, value] of Object.entries(after)) {
      if (value !== undefined) change(document, [...path, key], before[key], value);
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    document.setIn(path, document.createNode(after));
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
