import type { Fields, KubeObject } from '../../objects.ts';
import type { ResourceCall } from '../call.ts';
import { partialMetadata } from '../encoding.ts';
import { ageOf } from './age.ts';
import { batchTables } from './batchKinds.ts';
import type { KindTable } from './cells.ts';
import { coreTables } from './coreKinds.ts';
import { jsonPath } from './jsonPath.ts';
import { podTable } from './pods.ts';
import { workloadTables } from './workloadKinds.ts';

const tables = new Map<string, KindTable>([
  ['pods', podTable],
  ...Object.entries(coreTables),
  ...Object.entries(workloadTables),
  ...Object.entries(batchTables),
]);

/** Kinds without a printer of their own. */
const plainTable: KindTable = {
  columns: ['Name', 'Created At:date'],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
};

/** A `Table` of objects; `withColumns` is false for the later events of a watch. */
export function tableOf(
  call: ResourceCall,
  objects: readonly KubeObject[],
  metadata: Fields,
  withColumns = true,
): Fields {
  const table = call.type.custom ? customTable(call) : (tables.get(call.type.id) ?? plainTable);
  const include = call.query.get('includeObject') ?? 'Metadata';
  const now = call.cluster.timeline.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? table.columns.map(definition) : null,
    rows: objects.map((object) => ({
      cells: table.cells(object, now),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

function definition(column: string): Fields {
  const wide = column.startsWith('+');
  const [name = '', type = 'string'] = column.slice(wide ? 1 : 0).split(':');
  return { name, type, format: name === 'Name' ? 'name' : '', description: '', priority: wide ? 1 : 0 };
}

/** A custom kind's table is its definition's printer columns, and the age when it has none. */
function customTable(call: ResourceCall): KindTable {
  const columns = call.type.printerColumns;
  if (columns.length === 0) {
    return {
      columns: ['Name', 'Age:date'],
      cells: (object, now) => [object.metadata.name, ageOf(object.metadata.creationTimestamp, now)],
    };
  }
  return {
    columns: ['Name', ...columns.map((column) => `${column.priority > 0 ? '+' : ''}${column.name}:${column.type}`)],
    cells: (object, now) => [
      object.metadata.name,
      ...columns.map((column) => {
        const value = jsonPath(object, column.jsonPath);
        if (value === undefined || value === null) return '';
        if (column.type === 'date') return ageOf(String(value), now);
        if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
        return JSON.stringify(value);
      }),
    ],
  };
}
