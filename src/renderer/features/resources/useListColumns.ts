import { useCallback, useMemo } from 'react';
import type { ColumnInfo, ListHead } from '../../../core/cluster/resources/contract.ts';
import type { KindView, UserColumn } from '../../../core/platform/settings/contract.ts';
import { usePreferences } from '../../state/preferences.ts';
import { legible } from '../../ui/legible.ts';
import { moveColumn, toggleColumn, visibleColumns } from '../../ui/table/columnState.ts';
import type { GridColumn, SortKey } from '../../ui/table/model.ts';
import { isRightAligned } from './cellText.ts';
import { inWords } from './columnTexts.ts';

/** The list's own column for where a row is; the engine tells it with every row. */
const clusterColumn: ColumnInfo = {
  id: 'cluster',
  title: 'Cluster',
  type: 'text',
  priority: 0,
  width: 130,
  description: 'The cluster that the object is in',
};

/** Columns that others are drawn with; asked for along with them. */
const companions: Readonly<Record<string, readonly string[]>> = {
  status: ['reason'],
  // A pod's containers stand before the fraction that counts them.
  ready: ['containers'],
  restarts: ['lastrestart', 'lastreason'],
};

/** Not offered on their own beside the column that shows them. */
const shownElsewhere: Readonly<Record<string, string>> = {
  lastrestart: 'restarts',
  lastreason: 'restarts',
  containers: 'ready',
};

/** The order that kubectl's readers know: what it is, where, whether it is ready, how it is; its age at the end. */
const order = ['name', 'namespace', 'cluster', 'ready', 'status'];
const lastColumn = 'created';

/** Events are read by what happened last; their names say nothing. */
const eventView: KindView = {
  columns: ['last', 'status', 'reason', 'object', 'message', 'count', 'namespace', 'cluster'],
  sort: [{ column: 'last', descending: true }],
  widths: { last: 88, status: 92, reason: 140, object: 260 },
};
const ownViews = new Map<string, KindView>([
  ['events', eventView],
  ['events.events.k8s.io', eventView],
]);

/** How a kind's list looks: as its reader wants it, else as this kind is best read. */
export function kindView(kind: string, view: KindView | undefined): KindView | undefined {
  const own = ownViews.get(kind);
  return own === undefined ? view : { ...own, ...view };
}

const defaultWidths = { text: 140, name: 200, number: 90, time: 76 } as const;

/** Columns that show more than their own value. */
const leastWidths: Readonly<Record<string, number>> = { restarts: 116, status: 140, ready: 84, object: 240 };
/** Width of a letter and what stands beside a title, in CSS pixels: padding and the sort mark. */
const titleLetter = 7;
const titlePadding = 26;
/** Only columns at least this wide give way; short ones would lose all they say. */
const shrinkable = 130;

function isFreeText(column: ColumnInfo | undefined): boolean {
  return column !== undefined && (column.type === 'text' || column.type === 'name') && column.id !== 'status';
}

export interface ListColumns {
  /** Every column that can be shown, in the engine's order. */
  offered: readonly ColumnInfo[];
  /** Ids of the visible ones, in order. */
  visible: readonly string[];
  grid: readonly GridColumn[];
  /** Place of each visible column in a row's cells. */
  places: readonly number[];
  byId: ReadonlyMap<string, ColumnInfo>;
  userColumns: readonly UserColumn[];
  sort: readonly SortKey[];
  show(ids: readonly string[]): void;
  toggle(id: string): void;
  move(id: string, before: string | null): void;
  resize(id: string, width: number): void;
  setSort(sort: SortKey[]): void;
  setUserColumns(columns: UserColumn[]): void;
  reset(): void;
}

/** Columns to ask the engine for; undefined while it is not known which there are, as for a kind that nobody serves yet. */
export function columnsToAsk(
  available: readonly ColumnInfo[] | undefined,
  view: KindView,
  namespaced: boolean,
): string[] | undefined {
  if (available === undefined || available.length === 0) return undefined;
  const known = new Set(available.map((column) => column.id));
  const visible = visibleColumns(offerColumns(available, { manyClusters: false, namespaced }), view).filter((id) =>
    known.has(id),
  );
  const wanted = new Set(visible);
  for (const id of visible) for (const other of companions[id] ?? []) if (known.has(other)) wanted.add(other);
  return [...wanted];
}

/** What can be shown: the engine's columns for people, and where the rows are. */
export function offerColumns(
  available: readonly ColumnInfo[],
  list: { manyClusters: boolean; namespaced: boolean },
): ColumnInfo[] {
  const known = new Set(available.map((column) => column.id));
  const offered = available
    .filter(
      (column) => column.id !== 'cluster' && column.priority < 2 && (list.namespaced || column.id !== 'namespace'),
    )
    .map((column) => {
      const host = shownElsewhere[column.id];
      return host !== undefined && known.has(host) ? { ...column, priority: 1 } : column;
    });
  const own = available.find((column) => column.id === 'cluster') ?? clusterColumn;
  return inOrder([...offered, { ...own, priority: list.manyClusters ? 0 : 1 }]);
}

function inOrder(columns: readonly ColumnInfo[]): ColumnInfo[] {
  const rank = ({ id, priority }: ColumnInfo) => {
    const place = order.indexOf(id);
    if (place >= 0) return place;
    return order.length + (priority > 0 ? 2 : id === lastColumn ? 1 : 0);
  };
  return [...columns].sort((a, b) => rank(a) - rank(b));
}

export interface ListedKind {
  id: string;
  namespaced: boolean;
  custom: boolean;
}

export function useListColumns(listed: ListedKind, head: ListHead | undefined): ListColumns {
  const { id: kind, namespaced, custom } = listed;
  const { preferences, update } = usePreferences();
  const kept = preferences.kinds[kind];
  const view = useMemo(() => kindView(kind, kept), [kind, kept]);
  const manyClusters = (head?.scopes.length ?? 0) > 1;

  const change = useCallback(
    (part: Partial<KindView>) => {
      const next: KindView = { ...view, ...part };
      // What could not be kept is shown by the frame, and the columns fall back to how they were.
      update({ kinds: { ...preferences.kinds, [kind]: next } }).catch(() => undefined);
    },
    [kind, preferences.kinds, update, view],
  );

  // Every change of the list brings a new head; the columns are the same as long as they say the same.
  const availableKey = JSON.stringify(head?.available ?? []);
  const offered = useMemo(
    () =>
      offerColumns(JSON.parse(availableKey) as ColumnInfo[], { manyClusters, namespaced }).map((column) =>
        inWords(column, kind, custom),
      ),
    [availableKey, manyClusters, namespaced, kind, custom],
  );
  const visible = useMemo(() => {
    const shown = visibleColumns(offered, view ?? {});
    // The user's own columns are there as long as they are defined.
    const own = (view?.userColumns ?? []).map(userColumnId);
    return [...shown, ...own.filter((id) => !shown.includes(id) && offered.some((column) => column.id === id))];
  }, [offered, view]);
  const byId = useMemo(() => new Map(offered.map((column) => [column.id, column])), [offered]);

  const headShape = head?.columns.map((column) => column.id).join(' ') ?? '';
  const grid = useMemo(
    () =>
      visible.map((id): GridColumn => {
        const column = byId.get(id);
        const chosen = view?.widths?.[id];
        const title = legible(column?.title ?? id);
        const usual = column?.width ?? defaultWidths[column?.type ?? 'text'];
        return {
          id,
          title,
          align: column !== undefined && isRightAligned(column) ? 'end' : 'start',
          // Nothing is narrower than its own title, unless someone wants it so.
          width: chosen ?? Math.max(usual, title.length * titleLetter + titlePadding, leastWidths[id] ?? 0),
          description: column?.description === undefined ? undefined : legible(column.description),
          shrinks: chosen === undefined && usual >= shrinkable && isFreeText(column),
        };
      }),
    [visible, byId, view?.widths],
  );
  const places = useMemo(() => {
    const order = headShape.split(' ');
    return visible.map((id) => order.indexOf(id));
  }, [visible, headShape]);

  return {
    offered,
    visible,
    grid,
    places,
    byId,
    userColumns: view?.userColumns ?? noUserColumns,
    sort: view?.sort ?? noSort,
    show: (ids) => change({ columns: [...ids] }),
    toggle: (id) => {
      const own = view?.userColumns ?? [];
      const rest = own.filter((column) => userColumnId(column) !== id);
      const columns = toggleColumn(visible, id, offered);
      change(rest.length < own.length ? { columns, userColumns: rest } : { columns });
    },
    move: (id, before) => change({ columns: moveColumn(visible, id, before) }),
    resize: (id, width) => change({ widths: { ...view?.widths, [id]: width } }),
    setSort: (sort) => change({ sort }),
    setUserColumns: (columns) => change({ userColumns: columns }),
    reset: () => change({ columns: undefined, widths: undefined, userColumns: undefined } as Partial<KindView>),
  };
}

const noUserColumns: readonly UserColumn[] = [];
const noSort: readonly SortKey[] = [];

/** The id under which the engine sends a user's column. */
export function userColumnId(column: UserColumn): string {
  return `${column.from}:${column.path}`;
}
