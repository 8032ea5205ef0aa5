import type { Migration, WriterColumn } from '../../platform/store/index.ts';

/**
 * Versions are only ever appended: when the next one comes, the one before ends (`object_history` computes valid_to).
 * So a batch is one append, and a crash between two batches leaves nothing half done. Instants are milliseconds.
 */
export const historyMigrations: readonly Migration[] = [
  {
    version: 1,
    what: 'versions of objects, and events',
    sql: `
      CREATE TABLE object_versions (
        cluster VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        uid VARCHAR NOT NULL,
        namespace VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        valid_from BIGINT NOT NULL,
        change UTINYINT NOT NULL,   -- 0 added, 1 modified, 2 deleted
        tone UTINYINT NOT NULL,
        status VARCHAR NOT NULL,
        fingerprint DOUBLE NOT NULL, -- of the cells: an equal one means nothing to record
        cells VARCHAR NOT NULL      -- JSON: column id to value, absent ones left out
      );
      CREATE TABLE events (
        cluster VARCHAR NOT NULL,
        uid VARCHAR NOT NULL,
        namespace VARCHAR NOT NULL,
        seen_at BIGINT NOT NULL,
        type VARCHAR NOT NULL,
        reason VARCHAR NOT NULL,
        object VARCHAR NOT NULL,    -- Kind/name
        object_uid VARCHAR NOT NULL,
        message VARCHAR NOT NULL,
        source VARCHAR NOT NULL,
        count INTEGER NOT NULL
      );
      CREATE VIEW object_history AS
        SELECT *, lead(valid_from) OVER (PARTITION BY cluster, kind, uid ORDER BY valid_from, change) AS valid_to
        FROM object_versions;
    `,
  },
  {
    version: 2,
    what: 'pasts that are being told',
    sql: 'CREATE TABLE pasts_begun (cluster VARCHAR NOT NULL)',
  },
];

/** The columns of `object_versions`, in order. */
export const versionColumns: readonly WriterColumn[] = [
  'varchar',
  'varchar',
  'varchar',
  'varchar',
  'varchar',
  'bigint',
  'utinyint',
  'utinyint',
  'varchar',
  'double',
  'varchar',
];

export const changes = ['added', 'modified', 'deleted'] as const;
export type Change = (typeof changes)[number];
