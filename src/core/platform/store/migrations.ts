/** One step of the file's schema. Steps are never edited once released: a change is a new step. */
export interface Migration {
  version: number;
  what: string;
  sql: string;
}

/** Steps that were not applied yet, in order. Throws when numbers are not 1, 2, 3 … */
export function pendingMigrations(all: readonly Migration[], applied: number): readonly Migration[] {
  all.forEach((migration, index) => {
    if (migration.version !== index + 1) throw new Error(`Migration ${index + 1} is numbered ${migration.version}`);
  });
  return all.slice(applied);
}
