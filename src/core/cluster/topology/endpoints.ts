import type { NumberStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import { noTones, type Part } from './model.ts';
import { link } from './parts.ts';

/**
 * Puts a slice between its service and the pods that are its addresses, those that are not ready included: what the
 * service's selector says of these pods, the slice says more exactly.
 */
export function linkSlice(
  part: Part,
  table: Table,
  row: number,
  of: { service: Part | undefined; pod(name: string): Part | undefined },
): void {
  const ready = countOf(table, 'ready', row);
  const all = countOf(table, 'total', row);
  if (all > 0) part.status = `${ready}/${all}`;
  if (ready > 0 && ready < all) {
    part.tone = 'progressing';
    part.tones = { ...noTones(), progressing: 1 };
  }
  const reached = new Set<Part>();
  for (const line of table.text(row, table.column('targets')).split('\n')) {
    const pods = line.startsWith('Pod/') ? of.pod(line.slice('Pod/'.length)) : undefined;
    if (pods === undefined) continue;
    link(part, pods, 'selects');
    reached.add(pods);
  }
  const { service } = of;
  if (service === undefined) return;
  link(service, part, 'routes');
  service.edges = service.edges.filter(({ to, kind }) => kind !== 'selects' || !reached.has(to));
  if (part.app === '') part.app = service.app;
}

function countOf(table: Table, column: string, row: number): number {
  const value = (table.store(column) as NumberStore | undefined)?.values[row] ?? 0;
  return Number.isNaN(value) ? 0 : value;
}
