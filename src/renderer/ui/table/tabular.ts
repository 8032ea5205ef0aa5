/** Text for the clipboard that spreadsheets take as cells: tabs between, one row a line. */
export function toTabSeparated(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((cells) => cells.map(plainCell).join('\t')).join('\n');
}

function plainCell(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').trim();
}
