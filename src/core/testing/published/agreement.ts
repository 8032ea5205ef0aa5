import type { ColumnInfo, ListHead, Row } from '../../cluster/resources/contract.ts';
import type { ServerTable } from './serverTable.ts';

/** Words of kubectl for nothing; here a cell is empty. */
const nothing = new Set(['<none>', '<unset>', '<unknown>', 'N/A', '']);

/** Columns that say the same under another name, in letters; of one kind alone where it is named. */
const renamed: Readonly<Record<string, string>> = {
  request: 'requests',
  limit: 'limits',
  controller: 'controlledby',
  createdat: 'age',
  parentref: 'parent',
  paramkind: 'parameterkind',
  paramref: 'parameters',
  policyname: 'policy',
  kernelversion: 'kernel',
  established: 'status',
  'events type': 'status',
};

/** Where words differ on purpose. */
const sameMeaning: Readonly<Record<string, (server: string, own: string) => boolean>> = {
  'customresourcedefinitions.apiextensions.k8s.io versions': (server, own) =>
    server.replaceAll('(storage)', '*') === own,
  'customresourcedefinitions.apiextensions.k8s.io established': (server, own) =>
    (server === 'true') === (own === 'Established'),
  // An empty selector selects every pod.
  'networkpolicies.networking.k8s.io podselector': (server, own) => server === '<none>' && own === '*',
  'apiservices.apiregistration.k8s.io available': (server, own) => server.split(' ')[0] === own,
};

function letters(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Where a list and what kubectl prints of the same kind do not say the same, a line each. */
export function disagreements(kind: string, table: ServerTable, head: ListHead, rows: readonly Row[]): string[] {
  const found: string[] = [];
  const byUid = new Map(rows.map((row) => [row.uid, row]));
  const served = table.rows ?? [];
  if (served.length !== rows.length) found.push(`${kind}: ${rows.length} rows, the server has ${served.length}`);
  for (const [at, { name, priority }] of table.columnDefinitions.entries()) {
    const word = letters(name);
    const place = head.columns.findIndex(
      ({ title }) => letters(title) === (renamed[`${kind} ${word}`] ?? renamed[word] ?? word),
    );
    const column = head.columns[place];
    if (column === undefined) {
      if (priority === 0 && served.length > 0) found.push(`${kind}: no column ${name}`);
      continue;
    }
    for (const { cells, object } of served) {
      const row = byUid.get(object.metadata.uid);
      if (row === undefined) {
        if (at === 0) found.push(`${kind}: ${object.metadata.name} is not in the list`);
        continue;
      }
      const [server, own] = [cells[at], row.cells[place] ?? ''];
      if (isSame(`${kind} ${word}`, column, String(server ?? ''), String(own))) continue;
      found.push(`${kind}/${object.metadata.name} ${name}: ${own}, the server says ${server}`);
    }
  }
  return found;
}

function isSame(cell: string, column: ColumnInfo, server: string, own: string): boolean {
  const agrees = sameMeaning[cell];
  if (agrees?.(server, own)) return true;
  if (nothing.has(server)) return own === '';
  if (column.unit === 'flag') return own === (server === 'true' ? '1' : '0');
  // Instants here, printed there as the time since.
  if (column.type === 'time' || column.unit === 'seconds') return own !== '';
  // Objects as kubectl names them: `pod/web` for `Pod/web`.
  return server === own || server.toLowerCase() === own.toLowerCase();
}
