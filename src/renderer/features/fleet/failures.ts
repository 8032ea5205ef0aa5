import type { ColumnInfo, Row } from '../../../core/cluster/resources/contract.ts';
import { splitName } from '../../ui/format.ts';

/** Failing pods with one cause: the same owner in the same namespace with the same status, in one cluster or in many. */
export interface Failure {
  key: string;
  clusters: string[];
  namespace: string;
  /** The owner's name as people know it: without a template's hash. */
  name: string;
  status: string;
  tone: Row['tone'];
  count: number;
  /** When the newest of the pods was created, milliseconds; 0 when it is not known. */
  since: number;
  /** Lets these through in a list of pods of those clusters and that namespace. */
  filter: string;
}

/** Causes by how bad they are, then by how many pods each has, then by name. `columns` are those of the rows' cells. */
export function groupFailures(rows: readonly Row[], columns: readonly ColumnInfo[]): Failure[] {
  const place = (id: string) => columns.findIndex((column) => column.id === id);
  const [status, owner, created] = [place('status'), place('owner'), place('created')];
  const failures = new Map<string, Failure>();
  for (const row of rows) {
    const text = (at: number) => (at < 0 ? '' : String(row.cells[at] ?? ''));
    const ownedBy = text(owner);
    const name = ownerName(ownedBy, row.name);
    // A template's hash may differ from cluster to cluster; what is broken is the same.
    const key = [row.namespace, ownedBy === '' ? row.uid : name, text(status)].join('\n');
    const since = Number(row.cells[created] ?? 0);
    const known = failures.get(key);
    if (known === undefined) {
      failures.set(key, {
        key,
        clusters: [row.cluster],
        namespace: row.namespace,
        name,
        status: text(status),
        tone: row.tone,
        count: 1,
        since,
        filter: ownedBy === '' ? `name=${row.name}` : `name~^${name}- is:failed,warning`,
      });
    } else {
      known.count++;
      if (!known.clusters.includes(row.cluster)) known.clusters.push(row.cluster);
      known.since = Math.max(known.since, since);
      if (row.tone === 'failed') known.tone = 'failed';
    }
  }
  const rank = (failure: Failure) => (failure.tone === 'failed' ? 0 : 1);
  return [...failures.values()].sort(
    (a, b) => rank(a) - rank(b) || b.count - a.count || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** `ReplicaSet/mailer-8bkclbk8q` is `mailer`: a template's hash tells nobody anything. */
function ownerName(owner: string, pod: string): string {
  const cut = owner.indexOf('/');
  if (cut < 0) return splitName(pod)[0];
  const name = owner.slice(cut + 1);
  return owner.startsWith('ReplicaSet/') ? name.replace(/-[a-z0-9]{6,10}$/u, '') : name;
}
