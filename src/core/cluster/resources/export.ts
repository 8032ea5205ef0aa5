import type { ColumnInfo, Row } from './contract.ts';

/**
 * Rows as RFC 4180 text: fields with commas, quotes or line breaks are quoted, lines end with CRLF. A text that a
 * spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); numbers stay numbers.
 */
export function toCsv(
  columns: readonly ColumnInfo[],
  rows: readonly Row[],
  clusterName: (id: string) => string,
): string {
  const withCluster = !columns.some((column) => column.id === 'cluster');
  const titles = columns.map((column) => column.title);
  const lines = [withCluster ? ['Cluster', ...titles] : titles];
  for (const row of rows) {
    const cells = row.cells.map((cell, at) => {
      if (cell === null) return '';
      if (columns[at]?.type === 'time') return new Date(Number(cell)).toISOString();
      return typeof cell === 'number' ? String(cell) : harmless(cell);
    });
    lines.push(withCluster ? [harmless(clusterName(row.cluster)), ...cells] : cells);
  }
  return `${lines.map((fields) => fields.map(quoted).join(',')).join('\r\n')}\r\n`;
}

/** Rows as a JSON list of objects by column id; instants are ISO 8601, absent is null. */
export function toJson(
  columns: readonly ColumnInfo[],
  rows: readonly Row[],
  clusterName: (id: string) => string,
): string {
  const objects = rows.map((row) => {
    const cells = columns.map((column, at) => {
      const cell = row.cells[at] ?? null;
      return [column.id, column.type === 'time' && cell !== null ? new Date(Number(cell)).toISOString() : cell];
    });
    return { cluster: clusterName(row.cluster), uid: row.uid, ...Object.fromEntries(cells) };
  });
  return `${JSON.stringify(objects, null, 2)}\n`;
}

function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
