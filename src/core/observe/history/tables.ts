import type { Migration } from '../../platform/store/index.ts';

/**
 * Versions are only ever appended: when the next one comes, the one before ends (`object_history` computes valid_to).
 * So a batch is one append, and a crash between two batches leaves nothing half done. Instants are milliseconds.
 *
 * What versions are found by stands in columns of SQL; their cells stand in pages of many versions (`cellPage.ts`), which
 * cost DuckDB a blob each. The views put the first part together: `object_versions`, and `object_history` with the ends.
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
  {
    version: 3,
    what: 'cells of versions in pages',
    sql: `
      CREATE TABLE places (
        id UINTEGER NOT NULL,
        cluster VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        namespace VARCHAR NOT NULL
      );
      CREATE TABLE statuses (id UINTEGER NOT NULL, status VARCHAR NOT NULL);
      CREATE TABLE versions (
        place UINTEGER NOT NULL,
        uid UUID NOT NULL,
        name VARCHAR NOT NULL,
        valid_from BIGINT NOT NULL,
        change UTINYINT NOT NULL,    -- 0 added, 1 modified, 2 deleted
        tone UTINYINT NOT NULL,
        status UINTEGER NOT NULL,
        fingerprint DOUBLE NOT NULL, -- of the cells: an equal one means nothing to record
        page UINTEGER NOT NULL,      -- where the other cells are,
        position USMALLINT NOT NULL  -- and in which row of the page
      );
      CREATE TABLE cell_pages (
        id UINTEGER NOT NULL,
        format UTINYINT NOT NULL,    -- see readPage.ts
        body BLOB NOT NULL
      );

      INSERT INTO places
        SELECT (row_number() OVER (ORDER BY cluster, kind, namespace) - 1)::UINTEGER, cluster, kind, namespace
        FROM (SELECT DISTINCT cluster, kind, namespace FROM object_versions);
      INSERT INTO statuses
        SELECT (row_number() OVER (ORDER BY status) - 1)::UINTEGER, status
        FROM (SELECT DISTINCT status FROM object_versions);
      INSERT INTO cell_pages SELECT rowid::UINTEGER, 0, encode(cells) FROM object_versions;
      INSERT INTO versions
        SELECT p.id, coalesce(try_cast(v.uid AS UUID), md5(v.uid)::UUID), v.name, v.valid_from, v.change, v.tone, s.id,
               v.fingerprint, v.rowid::UINTEGER, 0
        FROM object_versions v
        JOIN places p ON p.cluster = v.cluster AND p.kind = v.kind AND p.namespace = v.namespace
        JOIN statuses s ON s.status = v.status;

      DROP VIEW object_history;
      DROP TABLE object_versions;
      CREATE VIEW object_versions AS
        SELECT p.cluster, p.kind, v.uid, p.namespace, v.name, v.valid_from, v.change, v.tone, s.status, v.fingerprint,
               v.page, v.position
        FROM versions v JOIN places p ON p.id = v.place JOIN statuses s ON s.id = v.status;
      CREATE VIEW object_history AS
        SELECT *, lead(valid_from) OVER (PARTITION BY cluster, kind, uid ORDER BY valid_from, change) AS valid_to
        FROM object_versions;
    `,
  },
];

export const changes = ['added', 'modified', 'deleted'] as const;
export type Change = (typeof changes)[number];
