// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active descendant
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { t } from '../text.ts';
import type { GridColumn, GridRow } from './model.ts';
import { changedCells } from './reading.ts';
import { tint } from './tint.ts';

export interface GridRowViewProps<R extends GridRow> {
  id: string;
  row: R;
  index: number;
  top: number;
  columns: readonly GridColumn[];
  /** Place of each column's value in `row.cells`; -1 where the server has not sent it yet. */
  places: readonly number[];
  widths: readonly number[];
  renderCell(row: R, column: GridColumn, place: number): ReactNode;
  label(row: R): string;
  marked: boolean;
  focused: boolean;
  /** Place of the column that has the focus, or -1. */
  focusedColumn: number;
  open: boolean;
  gone: boolean;
  /** A word for styling: `data-tone`. */
  tone: string | undefined;
}

function RowView<R extends GridRow>(props: GridRowViewProps<R>) {
  const { row, columns, places } = props;
  const element = useRef<HTMLDivElement>(null);
  const shown = useRef({ row, places });

  // Values that changed under the reader's eyes are tinted for a moment, without another render.
  useEffect(() => {
    const before = shown.current;
    shown.current = { row, places };
    if (before.row.key !== row.key || before.places !== places) return;
    for (const place of changedCells(before.row, row)) {
      const column = places.indexOf(place);
      const cell = column < 0 ? null : element.current?.querySelector(`[aria-colindex="${column + 2}"]`);
      if (cell != null) tint(cell);
    }
  }, [row, places]);

  return (
    <div
      ref={element}
      id={props.id}
      className="grid-row"
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.marked}
      data-index={props.index}
      data-focused={props.focused ? '' : undefined}
      data-open={props.open ? '' : undefined}
      data-gone={props.gone ? '' : undefined}
      data-tone={props.tone}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <div className="grid-gutter" role="gridcell" aria-colindex={1}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={props.marked}
          readOnly
          aria-label={t('ui.grid.mark', { name: props.label(row) })}
        />
      </div>
      {columns.map((column, at) => (
        <div
          key={column.id}
          id={props.focused && props.focusedColumn === at ? `${props.id}-cell` : undefined}
          role="gridcell"
          aria-colindex={at + 2}
          className={`grid-cell${at === 0 ? ' grid-first' : ''}`}
          data-align={column.align}
          data-column={column.id}
          data-focused={props.focused && props.focusedColumn === at ? '' : undefined}
          style={{ width: props.widths[at] }}
        >
          {props.renderCell(row, column, places[at] ?? -1)}
        </div>
      ))}
    </div>
  );
}

export const GridRowView = memo(RowView) as typeof RowView;

/** Stands where a row will be, in the same columns. */
export const SkeletonRow = memo(function SkeletonRow(props: {
  index: number;
  top: number;
  columns: readonly GridColumn[];
  widths: readonly number[];
}) {
  return (
    <div
      className="grid-row grid-skeleton"
      role="row"
      aria-rowindex={props.index + 2}
      data-index={props.index}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <div className="grid-gutter" role="gridcell" aria-colindex={1} />
      {props.columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 2}
          className={`grid-cell${at === 0 ? ' grid-first' : ''}`}
          data-align={column.align}
          style={{ width: props.widths[at] }}
        >
          {/* Widths vary with the place so that it reads as text, the same in every frame. */}
          <span className="skeleton" style={{ width: `${45 + ((props.index * 31 + at * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
});
