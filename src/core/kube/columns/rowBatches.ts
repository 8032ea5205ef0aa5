import type { RowBatch } from './batch.ts';
import { BatchBuilder } from './batchBuilder.ts';
import { encodeLabels, type KindSchema, meta, metaColumns, type Tone, tones } from './schema.ts';

/** A row as tests and the benchmark write it: meta columns by name, the kind's own by id. */
export interface SampleRow {
  uid: string;
  version: string;
  name: string;
  namespace?: string;
  status?: string;
  tone?: Tone;
  /** Seconds since the epoch. */
  created?: number;
  labels?: Readonly<Record<string, string>>;
  owner?: string;
  ownerUid?: string;
  /** Text, number, or seconds, by column id. */
  cells?: Readonly<Record<string, string | number>>;
  deleted?: boolean;
}

/** Pods with the meta columns and those of a test's own. */
export function samplePods(...own: KindSchema['columns']): KindSchema {
  return {
    id: 'pods',
    group: '',
    version: 'v1',
    resource: 'pods',
    kind: 'Pod',
    namespaced: true,
    columns: [...metaColumns, ...own],
  };
}

/** Makes batches as a watcher would, out of values. For tests and synthetic fleets: it costs far more than parsing. */
export function sampleBatches(schema: KindSchema, builder = new BatchBuilder(schema)) {
  return (cluster: number, rows: readonly SampleRow[]): RowBatch => {
    for (const row of rows) {
      builder.begin(row.uid, row.version, row.deleted === true ? 1 : 0);
      builder.name(meta.name, row.name);
      builder.text(meta.namespace, row.namespace ?? '');
      builder.text(meta.status, row.status ?? '');
      builder.number(meta.tone, tones.indexOf(row.tone ?? 'healthy'));
      builder.time(meta.created, row.created ?? 0);
      builder.text(meta.labels, encodeLabels(row.labels));
      builder.text(meta.owner, row.owner ?? '');
      builder.text(meta.ownerUid, row.ownerUid ?? '');
      for (const [id, value] of Object.entries(row.cells ?? {})) {
        const column = schema.columns.findIndex((candidate) => candidate.id === id);
        const type = schema.columns[column]?.type;
        if (type === 'number') builder.number(column, Number(value));
        else if (type === 'time') builder.time(column, Number(value));
        else if (type === 'name') builder.name(column, String(value));
        else if (type === 'text') builder.text(column, String(value));
      }
      builder.end();
    }
    return builder.take(cluster);
  };
}

/** A uid that is the same for the same number. */
export function sampleUid(number: number): string {
  const tail = number.toString(16).padStart(12, '0');
  return `00000000-0000-4000-8000-${tail}`;
}
