// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active descendant
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatCount } from '../format.ts';
import { t } from '../text.ts';
import { clampWidth, fitWidths } from './columnState.ts';
import { gridFeatures } from './features.ts';
import { GridHeader } from './GridHeader.tsx';
import { GridRowView, SkeletonRow } from './GridRowView.tsx';
import { readKey } from './keys.ts';
import type { GridColumn, GridRow, GridWindow, RowRange, SortKey } from './model.ts';
import { emptySelection, isMarked, markAll, markedCount, markRange, type Selection, toggleMark } from './selection.ts';
import { useReading } from './useReading.ts';
import { useWindowRequest } from './useWindowRequest.ts';
import { RowMemory } from './windowing.ts';
import './table.css';

export interface GridHandle {
  focus(): void;
  scrollToTop(): void;
}

export interface DataGridProps<R extends GridRow> {
  /** What the grid lists, for people who hear it. */
  label: string;
  /** Identifies the list: everything but the window. Another one starts at the top with nothing known. */
  list: string;
  /** Identifies what `row.cells` hold: remembered rows of another shape are forgotten, the place in the list is not. */
  shape: string;
  columns: readonly GridColumn[];
  /** Place of each column's value in `row.cells`, -1 where the server has not sent it yet. */
  places: readonly number[];
  total: number;
  /** The newest window, or undefined while the first one is on its way. */
  window: GridWindow<R> | undefined;
  onWindow(range: RowRange): void;
  rowHeight: number;
  renderCell(row: R, column: GridColumn, place: number): ReactNode;
  rowLabel(row: R): string;
  rowTone?: ((row: R) => string) | undefined;
  sort: readonly SortKey[];
  onSort?: ((column: string, add: boolean) => void) | undefined;
  onMove?: ((column: string, before: string | null) => void) | undefined;
  onWidth(column: string, width: number): void;
  selection: Selection<R>;
  onSelection(selection: Selection<R>): void;
  /** Rows that a range needs and the grid does not know. */
  loadRows?: ((range: RowRange) => Promise<readonly R[]>) | undefined;
  onOpen(row: R, aside: boolean): void;
  /** The row that is open elsewhere; it follows the focus while it is set. */
  openKey?: string | undefined;
  onFocusRow?: ((row: R) => void) | undefined;
  /** A menu is about to open on a row (null: on the header) and a column (null: none). The caller wraps the grid in it. */
  onMenu?: ((row: R | null, column: string | null) => void) | undefined;
  /** Text of one cell, or of rows, for the clipboard. */
  onCopy?: ((rows: readonly R[], column: string | null) => void) | undefined;
  handle?: RefObject<GridHandle | null> | undefined;
}

interface Focus {
  index: number;
  key: string | null;
  column: number;
}

/** Below this the reader is at the top, and new rows come in as they come. CSS pixels. */
const topZone = 4;
const gutterWidth = 30;

/** A list of any length of which the server sends the visible part. See README.md for what it promises. */
export function DataGrid<R extends GridRow>(props: DataGridProps<R>) {
  const { columns, list, total, rowHeight, selection } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const memory = useMemo(() => new RowMemory<R>(), []);
  const known = useRef('');
  const [focus, setFocus] = useState<Focus>({ index: -1, key: null, column: -1 });
  const [scrolled, setScrolled] = useState(false);
  const [, redraw] = useState(0);
  const [viewport, setViewport] = useState(0);

  const identity = `${props.shape} ${list}`;
  if (known.current !== identity) {
    known.current = identity;
    memory.clear();
  }
  const emptyWindow = useMemo<GridWindow<R>>(() => ({ offset: 0, rows: [] }), []);
  const reading = useReading(identity, props.window ?? emptyWindow, total, scrolled);
  if (props.window !== undefined && memory.window !== reading.window) memory.accept(reading.window, total);

  // Another list starts at the top; the focus goes with it unless its row is there too.
  const [scrolledList, setScrolledList] = useState(list);
  if (scrolledList !== list) {
    setScrolledList(list);
    setScrolled(false);
    setFocus({ index: -1, key: null, column: -1 });
  }
  useLayoutEffect(() => {
    if (scroller.current !== null && list !== '') scroller.current.scrollTop = 0;
  }, [list]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setViewport(element.clientWidth));
    observer.observe(element);
    setViewport(element.clientWidth);
    return () => observer.disconnect();
  }, []);

  const definitions = useMemo(
    () => columns.map((column) => ({ id: column.id, header: column.title, size: column.width, minSize: 48 })),
    [columns],
  );
  const [draft, setDraft] = useState<Record<string, number> | null>(null);
  const shownWidths = useRef<Record<string, number>>({});
  const table = useTable({
    features: gridFeatures,
    columns: definitions,
    data: noData,
    state: { columnSizing: draft ?? shownWidths.current, columnOrder: columns.map((column) => column.id) },
    columnResizeMode: 'onChange',
    onColumnSizingChange: (update) => setDraft((before) => resolve(update, before ?? shownWidths.current)),
  });
  const resizing = table.state.columnResizing.isResizingColumn;
  const wasResizing = useRef<string | false>(false);
  useEffect(() => {
    const ended = wasResizing.current;
    wasResizing.current = resizing;
    if (resizing !== false || ended === false || draft === null) return;
    const width = draft[ended];
    if (width !== undefined) props.onWidth(ended, clampWidth(width));
    setDraft(null);
  }, [resizing, draft, props.onWidth]);

  const widths = useMemo(
    () =>
      // While a border is dragged every width is what it is, or the border would not follow the pointer.
      draft !== null
        ? columns.map((column) => draft[column.id] ?? column.width)
        : fitWidths(
            columns.map((column) => ({ width: column.width, shrinks: column.shrinks === true })),
            viewport - gutterWidth,
          ),
    [columns, draft, viewport],
  );
  shownWidths.current = Object.fromEntries(columns.map((column, place) => [column.id, widths[place] ?? column.width]));
  const width = widths.reduce((sum, each) => sum + each, gutterWidth);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The sticky header covers the first row's height of the viewport.
    scrollPaddingStart: rowHeight,
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer reads the height through its options.
  useLayoutEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const pageRows = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 600) - rowHeight) / rowHeight) - 1);
  useWindowRequest({
    list,
    total,
    visible: { first: items[0]?.index ?? 0, end: (items.at(-1)?.index ?? pageRows + 12) + 1 },
    onWindow: props.onWindow,
  });

  // The focus stays with its row when that moves within what is known.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the memory knows changes with the window
  const focusIndex = useMemo(() => {
    if (focus.key === null || memory.at(focus.index)?.key === focus.key) return focus.index;
    const moved = memory.indexOf(focus.key);
    return moved >= 0 ? moved : Math.min(focus.index, total - 1);
  }, [focus, memory, total, reading.window]);

  const goTo = useCallback(
    (index: number, extend = false) => {
      const target = Math.min(Math.max(0, index), total - 1);
      if (target < 0) return;
      const row = memory.at(target);
      setFocus((before) => ({ index: target, key: row?.key ?? null, column: before.column }));
      virtualizer.scrollToIndex(target, { align: 'auto' });
      if (row !== undefined && !extend) props.onFocusRow?.(row);
    },
    [memory, props.onFocusRow, total, virtualizer],
  );

  const extendTo = useCallback(
    async (target: number) => {
      const anchor = selection.anchor ?? Math.max(focusIndex, 0);
      const from = Math.min(anchor, target);
      const count = Math.abs(anchor - target) + 1;
      const known = memory.range(anchor, target);
      const rows =
        known.complete || props.loadRows === undefined
          ? known.rows
          : await props.loadRows({ offset: from, limit: count });
      props.onSelection(markRange(selection, rows, anchor));
    },
    [focusIndex, memory, props.loadRows, props.onSelection, selection],
  );

  const focusedRow = () => (focusIndex < 0 ? undefined : memory.at(focusIndex));

  const markedRows = (): readonly R[] => {
    if (!selection.all && selection.rows.size > 0) return [...selection.rows.values()];
    const row = focusedRow();
    return row === undefined ? [] : [row];
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return;
    const action = readKey(event);
    if (action === null) return;
    const row = focusedRow();
    const text = window.getSelection()?.toString() ?? '';
    if (action.type === 'copy' && text !== '') return;
    event.preventDefault();
    event.stopPropagation();
    const start = focusIndex < 0 ? -1 : focusIndex;
    switch (action.type) {
      case 'move':
      case 'page':
      case 'edge': {
        const target =
          action.type === 'move'
            ? start + action.rows
            : action.type === 'page'
              ? start + action.direction * pageRows
              : action.end
                ? total - 1
                : 0;
        const bounded = Math.min(Math.max(0, target), total - 1);
        goTo(bounded, action.extend);
        if (action.extend) void extendTo(bounded);
        return;
      }
      case 'column':
        setFocus((before) => ({
          ...before,
          column: Math.min(Math.max(-1, before.column + action.step), columns.length - 1),
        }));
        return;
      case 'mark':
        if (row !== undefined) props.onSelection(toggleMark(selection, row, focusIndex));
        if (focusIndex < total - 1) goTo(focusIndex + 1, true);
        return;
      case 'markRange':
        void extendTo(Math.max(0, focusIndex));
        return;
      case 'markAll':
        props.onSelection(selection.all && selection.rows.size === 0 ? emptySelection : markAll(selection));
        return;
      case 'unmark':
        props.onSelection(emptySelection);
        return;
      case 'open':
        if (row !== undefined) props.onOpen(row, action.aside);
        return;
      case 'copy':
        props.onCopy?.(markedRows(), action.rows || focus.column < 0 ? null : (columns[focus.column]?.id ?? null));
        return;
      case 'menu': {
        // The same way as a right click, so that whoever shows menus needs to know one way only.
        const element = document.getElementById(`${id}-${focusIndex}`);
        const box = element?.getBoundingClientRect();
        if (element === null || box === undefined) return;
        const at = { clientX: box.left + 60, clientY: box.bottom, bubbles: true, cancelable: true };
        element.dispatchEvent(new window.MouseEvent('contextmenu', at));
        return;
      }
    }
  };

  const rowOf = (target: EventTarget | null): { row: R; index: number; column: number } | undefined => {
    if (!(target instanceof Element)) return undefined;
    const index = Number(target.closest('[data-index]')?.getAttribute('data-index') ?? Number.NaN);
    const row = memory.at(index);
    if (row === undefined) return undefined;
    const column = Number(target.closest('[aria-colindex]')?.getAttribute('aria-colindex') ?? 1) - 2;
    return { row, index, column };
  };

  const onClick = (event: MouseEvent) => {
    const hit = rowOf(event.target);
    if (hit === undefined) return;
    setFocus({ index: hit.index, key: hit.row.key, column: event.altKey ? hit.column : -1 });
    if (event.shiftKey) {
      event.preventDefault();
      window.getSelection()?.removeAllRanges();
      void extendTo(hit.index);
    } else if (event.ctrlKey || event.metaKey || hit.column === -1) {
      props.onSelection(toggleMark(selection, hit.row, hit.index));
    } else if ((window.getSelection()?.toString() ?? '') === '' && !isControl(event.target)) {
      props.onOpen(hit.row, false);
    }
  };

  const onContextMenu = (event: MouseEvent) => {
    const hit = rowOf(event.target);
    if (hit === undefined) {
      const header = event.target instanceof Element ? event.target.closest('[data-header]') : null;
      props.onMenu?.(null, header?.getAttribute('data-header') ?? null);
      return;
    }
    setFocus({ index: hit.index, key: hit.row.key, column: -1 });
    props.onMenu?.(hit.row, columns[hit.column]?.id ?? null);
  };

  useImperativeHandle(props.handle ?? unusedHandle, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    scrollToTop: () => virtualizer.scrollToOffset(0),
  }));

  const marked = markedCount(selection, total);
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const seen = new Set<string>();

  return (
    <div className="grid-frame">
      {reading.waiting > 0 && (
        <button
          type="button"
          className="grid-waiting"
          onClick={() => {
            reading.release();
            setScrolled(false);
            virtualizer.scrollToOffset(0);
            redraw((turn) => turn + 1);
          }}
        >
          {t('ui.grid.waiting', { number: formatCount(reading.waiting) })}
        </button>
      )}
      <div
        ref={scroller}
        className="grid"
        role="grid"
        aria-label={props.label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={
          focusIndex >= 0 && memory.at(focusIndex) !== undefined
            ? `${id}-${focusIndex}${focus.column >= 0 ? '-cell' : ''}`
            : undefined
        }
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenu={onContextMenu}
        onScroll={(event) => {
          const down = event.currentTarget.scrollTop > topZone;
          if (down !== scrolled) setScrolled(down);
        }}
        style={{ '--grid-width': `${width}px`, '--grid-row': `${rowHeight}px` } as React.CSSProperties}
      >
        <div role="rowgroup" className="grid-head">
          <GridHeader
            headers={headers}
            columns={byId}
            widths={widths}
            sort={props.sort}
            onSort={props.onSort}
            onMove={props.onMove}
            onWidth={props.onWidth}
            allMarked={marked === 0 ? false : marked >= total ? true : 'some'}
            onMarkAll={() => props.onSelection(marked >= total && total > 0 ? emptySelection : markAll(selection))}
          />
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = memory.at(item.index);
            if (row === undefined || seen.has(row.key)) {
              return (
                <SkeletonRow
                  key={`slot ${item.index}`}
                  index={item.index}
                  top={item.start}
                  columns={columns}
                  widths={widths}
                />
              );
            }
            seen.add(row.key);
            return (
              <GridRowView
                key={row.key}
                id={`${id}-${item.index}`}
                row={row}
                index={item.index}
                top={item.start}
                columns={columns}
                places={props.places}
                widths={widths}
                renderCell={props.renderCell}
                label={props.rowLabel}
                marked={isMarked(selection, row.key)}
                focused={item.index === focusIndex}
                focusedColumn={item.index === focusIndex ? focus.column : -1}
                open={row.key === props.openKey}
                gone={reading.gone.has(row.key)}
                tone={props.rowTone?.(row)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const noData: GridRow[] = [];
const unusedHandle: RefObject<GridHandle | null> = { current: null };

function resolve(
  update: Record<string, number> | ((before: Record<string, number>) => Record<string, number>),
  before: Record<string, number>,
): Record<string, number> {
  return typeof update === 'function' ? update(before) : update;
}

/** Links and buttons inside a cell do what they say, and the row does nothing besides. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input') !== null;
}
