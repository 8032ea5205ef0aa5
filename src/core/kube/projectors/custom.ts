import { type Column, type ColumnType, type KindSchema, metaColumns } from '../columns/schema.ts';
import { parseJsonPath } from './jsonPath.ts';
import { isRecord } from './read.ts';
import { relationColumns } from './relationColumns.ts';

/** A column as a CustomResourceDefinition writes it. */
export interface PrinterColumn {
  name: string;
  /** `string`, `integer`, `number`, `boolean`, `date` */
  type: string;
  jsonPath: string;
  description?: string | undefined;
  priority?: number | undefined;
}

export interface CustomKind {
  group: string;
  version: string;
  /** Plural. */
  resource: string;
  kind: string;
  namespaced: boolean;
  printerColumns: readonly PrinterColumn[];
  /** `schema.openAPIV3Schema` of the version, where known: guessed columns are then limited to what it has. */
  openApi?: unknown;
}

/** Ids of printer columns that say how an object stands. */
const ownStatus = /^(status2?|phase|state|health(status)?|ready|available|sync(ed|status)?)$/;

/**
 * Schema of a custom resource: its printer columns, or where it has none, the ones that its like usually has. Age is
 * among the meta columns already. A printer column whose path is not understood is left out.
 */
export function customSchema(kind: CustomKind): KindSchema {
  const columns: Column[] = [];
  const taken = new Set(metaColumns.map(({ id }) => id));
  for (const column of kind.printerColumns.length > 0 ? kind.printerColumns : guessedColumns(kind.openApi)) {
    if (/^\{?\$?\.metadata\.(creationTimestamp|name|namespace)\}?$/.test(column.jsonPath) || !isPath(column.jsonPath))
      continue;
    const word = column.name.toLowerCase().replace(/[^a-z0-9]/g, '') || 'column';
    let id = word;
    for (let suffix = 2; taken.has(id); suffix++) id = `${word}${suffix}`;
    taken.add(id);
    columns.push({
      id,
      title: column.name,
      type: columnType(column.type),
      ...(column.type === 'integer' || column.type === 'number' ? { unit: 'count' as const } : {}),
      priority: (column.priority ?? 0) > 0 ? 1 : 0,
      description: column.description ?? column.jsonPath,
      from: { from: 'jsonPath', path: column.jsonPath },
    });
  }
  const id = kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`;
  columns.push(...relationColumns(id, taken));
  // The kind's author says how its objects stand: a computed status beside it says it twice, in other words.
  const hasOwn =
    kind.printerColumns.length > 0 && columns.some(({ id, priority }) => priority === 0 && ownStatus.test(id));
  const shown = metaColumns.map(
    (column): Column => (hasOwn && column.id === 'status' ? { ...column, priority: 1 } : column),
  );
  return {
    id,
    group: kind.group,
    version: kind.version,
    resource: kind.resource,
    kind: kind.kind,
    namespaced: kind.namespaced,
    columns: [...shown, ...columns],
  };
}

function columnType(type: string): ColumnType {
  return type === 'integer' || type === 'number' ? 'number' : type === 'date' ? 'time' : 'text';
}

function isPath(text: string): boolean {
  try {
    return parseJsonPath(text).steps.length > 0;
  } catch {
    // A CRD may hold any text here; kubectl shows such a column empty.
    return false;
  }
}

const guesses: readonly (PrinterColumn & { needs: readonly string[] })[] = [
  ...['Ready', 'Synced', 'Healthy'].map((name) => ({
    name,
    type: 'string',
    jsonPath: `.status.conditions[?(@.type=="${name}")].status`,
    needs: ['status', 'conditions'],
    description: `Condition ${name}`,
  })),
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', needs: ['status', 'phase'] },
  { name: 'State', type: 'string', jsonPath: '.status.state', needs: ['status', 'state'] },
  { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', needs: ['spec', 'replicas'] },
  { name: 'Ready replicas', type: 'integer', jsonPath: '.status.readyReplicas', needs: ['status', 'readyReplicas'] },
  { name: 'Version', type: 'string', jsonPath: '.spec.version', needs: ['spec', 'version'] },
  { name: 'Suspended', type: 'string', jsonPath: '.spec.suspend', needs: ['spec', 'suspend'], priority: 1 },
];

/** Without a schema (an aggregated API, or one that preserves unknown fields) all of them are offered. */
function guessedColumns(openApi: unknown): PrinterColumn[] {
  const known = isRecord(openApi) && isRecord(openApi.properties);
  return guesses.filter(({ needs }) => !known || has(openApi, needs));
}

function has(schema: unknown, path: readonly string[]): boolean {
  let node = schema;
  for (const name of path) {
    if (!isRecord(node)) return false;
    if (node['x-kubernetes-preserve-unknown-fields'] === true && !isRecord(node.properties)) return true;
    if (!isRecord(node.properties) || !Object.hasOwn(node.properties, name)) return false;
    node = node.properties[name];
  }
  return true;
}
