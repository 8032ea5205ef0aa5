import type { Clock } from '../../kernel/clock.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { ListHead, Row } from './contract.ts';
import { toCsv, toJson } from './export.ts';
import { ListSource, type ParsedListQuery } from './list.ts';
import type { Sources } from './resources.ts';

/** How long a question waits for lists that are under way. */
const patienceMs = 10_000;

/** Waits until every chosen cluster has been listed or has said why not, and answers with what there is by then. */
export async function queryOnce(
  sources: Sources,
  query: ParsedListQuery,
  signal: AbortSignal,
): Promise<{ head: ListHead; rows: Row[] }> {
  const source = new ListSource(sources, query);
  try {
    await settled(sources.fleet, { kind: source.kind, clusters: query.clusters, clock: sources.clock, signal });
    // Whoever asks once wants what is so now, also where live lists wait for their next update.
    source.view();
    const { head, rows } = source.read();
    return { head, rows: [...rows] };
  } finally {
    source.dispose();
  }
}

/** Every row of a list as text, in its order. */
export async function exportAll(
  sources: Sources,
  query: ParsedListQuery,
  how: { format: 'csv' | 'json'; signal: AbortSignal },
): Promise<{ fileName: string; mediaType: string; text: string; rows: number }> {
  const source = new ListSource(sources, { ...query, limit: 0 });
  try {
    await settled(sources.fleet, { ...how, kind: source.kind, clusters: query.clusters, clock: sources.clock });
    const view = source.view();
    const rows = view === undefined ? [] : source.rows(view.window(0, view.matched));
    const columns = source.columns().map((column) => column.info);
    const day = new Date(sources.clock.now()).toISOString().slice(0, 10);
    const nameOf = (id: string) => sources.fleet.byId(id)?.name ?? id;
    const isCsv = how.format === 'csv';
    return {
      fileName: `${source.kind}-${day}.${how.format}`,
      mediaType: isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/json',
      text: isCsv ? toCsv(columns, rows, nameOf) : toJson(columns, rows, nameOf),
      rows: rows.length,
    };
  } finally {
    source.dispose();
  }
}

/** Resolves when no list of the kind is under way any more, or after a while; rejects when aborted. */
export function settled(
  fleet: OpenClusters,
  what: { kind: string; clusters: readonly string[] | undefined; clock: Clock; signal: AbortSignal },
): Promise<void> {
  const isSettled = () => {
    const chosen = chosenClusters(fleet, what.clusters).filter((cluster) => cluster.open);
    const scopes = fleet.scopes(what.kind);
    return chosen.every((cluster) => {
      if (cluster.state === 'connecting') return false;
      // A cluster that does not serve the kind has no scope for it, nor has one that was never reached.
      const serves = cluster.kinds.some((kind) => kind.id === what.kind);
      const scope = scopes.find((it) => it.cluster === cluster.id);
      if (scope === undefined) return !serves || cluster.state !== 'live';
      return scope.state !== 'listing' && (scope.state !== 'stopped' || !serves || cluster.state !== 'live');
    });
  };
  return new Promise((resolve, reject) => {
    if (what.signal.aborted) return reject(what.signal.reason);
    if (isSettled()) return resolve();
    const end = (finish: () => void) => {
      what.signal.removeEventListener('abort', abort);
      for (const subscription of subscriptions) subscription.dispose();
      finish();
    };
    const abort = () => end(() => reject(what.signal.reason));
    const look = () => {
      if (isSettled()) end(resolve);
    };
    const subscriptions = [
      fleet.onScopeChange(look),
      fleet.onChange(look),
      what.clock.after(patienceMs, () => end(resolve)),
    ];
    what.signal.addEventListener('abort', abort, { once: true });
  });
}
