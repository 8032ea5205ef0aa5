import type { Store, StoreRow } from '../../platform/store/index.ts';
import type { VersionCells } from './model.ts';
import { type ReadPage, readPage } from './readPage.ts';

/** Pages that are in memory at once: some 50 KB each, taken apart. */
const pagesAtOnce = 64;

/**
 * Cells of versions, one a row.
 * @param rows of `object_versions` with `page`, `position`, `namespace`, `name` and `status`
 */
export async function readCells(store: Store, rows: readonly StoreRow[]): Promise<VersionCells[]> {
  const cells: VersionCells[] = rows.map(() => ({}));
  const byPage = new Map<number, number[]>();
  for (const [at, { page }] of rows.entries()) {
    const inPage = byPage.get(Number(page)) ?? [];
    inPage.push(at);
    byPage.set(Number(page), inPage);
  }
  const wanted = [...byPage.keys()];
  for (let start = 0; start < wanted.length; start += pagesAtOnce) {
    for (const [id, page] of await readPages(store, wanted.slice(start, start + pagesAtOnce))) {
      for (const at of byPage.get(id) ?? [])
        cells[at] = { ...besides(rows[at]), ...page.cells(Number(rows[at]?.position)) };
    }
  }
  return cells;
}

async function readPages(store: Store, ids: readonly number[]): Promise<[number, ReadPage][]> {
  const pages = await store.query(
    `SELECT id, format, to_base64(body) AS body FROM cell_pages WHERE id IN (${ids.join(', ')})`,
  );
  return pages.map(({ id, format, body }) => [
    Number(id),
    readPage(Number(format), Buffer.from(String(body), 'base64')),
  ]);
}

/** The cells that stand in columns of their own. */
function besides(row: StoreRow | undefined): VersionCells {
  const cells: VersionCells = {};
  for (const id of ['name', 'namespace', 'status']) if (row?.[id] !== '') cells[id] = String(row?.[id]);
  return cells;
}
