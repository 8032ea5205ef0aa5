import type { Namespace, QuotaUse } from '../../../core/cluster/namespaces/contract.ts';
import { pathOf } from '../../app/router.ts';
import type { Tone } from '../../ui/index.ts';

export function namespacePath({ cluster, name }: Pick<Namespace, 'cluster' | 'name'>): string {
  return pathOf('/namespaces/:cluster/:name', { cluster, name });
}

/** How near a resource is to its quota. */
export function shareTone({ share }: Pick<QuotaUse, 'share'>): Tone | 'neutral' {
  if (share === null) return 'neutral';
  if (share >= 1) return 'failed';
  return share >= 0.9 ? 'warning' : 'healthy';
}

export type SortColumn = 'name' | 'cluster' | 'owner' | 'pods' | 'cpu' | 'memory' | 'quota' | 'created';

const values: Record<SortColumn, (row: Namespace) => string | number> = {
  name: ({ name }) => name,
  cluster: ({ clusterName }) => clusterName,
  owner: ({ owner }) => owner || '\uffff',
  pods: ({ pods }) => -pods,
  cpu: ({ cpuRequested }) => -cpuRequested,
  memory: ({ memoryRequested }) => -memoryRequested,
  quota: ({ quotas }) => -(quotas[0]?.share ?? -1),
  created: ({ created }) => -(created ?? 0),
};

/** Namespaces with all words in what is shown of them, in the order asked for and then by name and cluster. */
export function findNamespaces(
  rows: readonly Namespace[],
  { text, sort, descending }: { text: string; sort: SortColumn; descending: boolean },
): Namespace[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    const shown = [
      row.name,
      row.clusterName,
      row.owner,
      row.status,
      row.podSecurity,
      ...Object.entries(row.labels).map(([key, value]) => `${key}=${value}`),
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
  const value = values[sort];
  const way = descending ? -1 : 1;
  return found.sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one !== other) return one < other ? -way : way;
    return a.name.localeCompare(b.name) || a.clusterName.localeCompare(b.clusterName);
  });
}

/** What is shown, as CSV; texts that a spreadsheet would run are made harmless. */
export function namespacesCsv(rows: readonly Namespace[]): string {
  const head = [
    'namespace',
    'cluster',
    'owner',
    'status',
    'pods',
    'cpu requested (millicores)',
    'memory requested (bytes)',
    'quota',
    'limit ranges',
    'ingress',
    'egress',
    'pod security',
    'created',
  ];
  const lines = rows.map((row) => [
    row.name,
    row.clusterName,
    row.owner,
    row.status,
    row.pods,
    row.cpuRequested,
    row.memoryRequested,
    row.quotas.map(({ quota, resource, used, hard }) => `${quota} ${resource} ${used}/${hard}`).join('; '),
    row.limitRanges.join('; '),
    row.ingress,
    row.egress,
    row.podSecurity,
    row.created === null ? '' : new Date(row.created).toISOString(),
  ]);
  return [head, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n');
}

function csvCell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
