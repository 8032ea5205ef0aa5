import type { Migration } from '../../../platform/store/index.ts';

/**
 * Lines are only appended, those of a source in their order, and go from the oldest on. `number` grows within a source.
 * Instants are milliseconds; a line's has fractions, exactly as it was read, so that it is known again.
 */
export const captureMigrations: readonly Migration[] = [
  {
    version: 1,
    what: 'captured lines',
    sql: `
      CREATE TABLE captures (
        id UINTEGER NOT NULL,
        name VARCHAR NOT NULL,
        query VARCHAR NOT NULL,      -- JSON, see contract.ts
        limits VARCHAR NOT NULL,     -- JSON
        started_at DOUBLE NOT NULL,
        seen_at DOUBLE NOT NULL,     -- it was still running
        stopped_at DOUBLE,
        is_full BOOLEAN NOT NULL,
        let_go DOUBLE NOT NULL       -- lines
      );
      CREATE TABLE capture_sources (
        id UINTEGER NOT NULL,
        capture UINTEGER NOT NULL,
        cluster VARCHAR NOT NULL,
        namespace VARCHAR NOT NULL,
        pod VARCHAR NOT NULL,        -- empty: of KubeSage's own notes
        uid VARCHAR NOT NULL,
        container VARCHAR NOT NULL,
        type VARCHAR NOT NULL,
        node VARCHAR NOT NULL
      );
      CREATE TABLE captured_lines (
        source UINTEGER NOT NULL,
        number DOUBLE NOT NULL,
        run UINTEGER NOT NULL,       -- restarts before it was written
        written_at DOUBLE NOT NULL,
        severity UTINYINT NOT NULL,  -- see severities in the contract
        line VARCHAR NOT NULL
      );
    `,
  },
];
