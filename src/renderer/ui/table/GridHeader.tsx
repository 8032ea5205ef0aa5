// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active descendant
import type { Header } from '@tanstack/react-table';
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { t } from '../text.ts';
import { clampWidth } from './columnState.ts';
import type { gridFeatures } from './features.ts';
import type { GridColumn, GridRow, SortKey } from './model.ts';

export interface GridHeaderProps {
  headers: readonly Header<typeof gridFeatures, GridRow>[];
  columns: ReadonlyMap<string, GridColumn>;
  widths: readonly number[];
  sort: readonly SortKey[];
  onSort?: ((column: string, add: boolean) => void) | undefined;
  onMove?: ((column: string, before: string | null) => void) | undefined;
  onWidth(column: string, width: number): void;
  allMarked: boolean | 'some';
  onMarkAll(): void;
}

/**
 * The header is one tab stop: arrows go from column to column, Enter sorts (with Shift as a further key), Alt+arrows
 * move the column and Shift+arrows change its width, so that nothing needs the mouse.
 */
export function GridHeader(props: GridHeaderProps) {
  const [current, setCurrent] = useState(0);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const { headers, columns, widths } = props;

  const go = (place: number) => {
    const bounded = Math.min(Math.max(0, place), headers.length - 1);
    setCurrent(bounded);
    row.current?.querySelectorAll<HTMLElement>('.grid-sort')[bounded]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent, place: number, id: string) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    // Everything the header understands stays here: the grid below has the same keys for its rows.
    if (step !== 0) {
      event.preventDefault();
      event.stopPropagation();
      if (event.altKey) {
        const before = step < 0 ? headers[place - 1]?.column.id : (headers[place + 2]?.column.id ?? null);
        if (before !== undefined && (step < 0 || place < headers.length - 1)) {
          props.onMove?.(id, before);
          requestAnimationFrame(() => go(place + step));
        }
      } else if (event.shiftKey) props.onWidth(id, clampWidth((widths[place] ?? 100) + step * 16));
      else go(place + step);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      event.stopPropagation();
      props.onSort?.(id, event.shiftKey);
    } else if (event.key !== 'ArrowDown' && event.key !== 'Tab' && event.key !== 'Escape') event.stopPropagation();
  };

  const onDrop = (event: DragEvent, id: string | null) => {
    event.preventDefault();
    if (dragged !== null) props.onMove?.(dragged, id);
    setDragged(null);
    setOver(null);
  };

  return (
    <div className="grid-row grid-head-row" role="row" aria-rowindex={1} ref={row}>
      <div className="grid-gutter" role="columnheader" aria-label={t('ui.grid.marked')} aria-colindex={1}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t('ui.grid.markAll')}
          checked={props.allMarked === true}
          ref={(box) => {
            if (box !== null) box.indeterminate = props.allMarked === 'some';
          }}
          onChange={props.onMarkAll}
        />
      </div>
      {headers.map((header, place) => {
        const id = header.column.id;
        const column = columns.get(id);
        const rank = props.sort.findIndex((key) => key.column === id);
        const key = props.sort[rank];
        return (
          <div
            key={id}
            role="columnheader"
            aria-colindex={place + 2}
            aria-sort={key === undefined ? 'none' : key.descending ? 'descending' : 'ascending'}
            className={`grid-cell grid-header${place === 0 ? ' grid-first' : ''}`}
            data-header={id}
            data-align={column?.align}
            data-drop={over === id && dragged !== id ? '' : undefined}
            style={{ width: widths[place] }}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(id);
            }}
            onDrop={(event) => onDrop(event, id)}
          >
            <button
              type="button"
              className="grid-sort"
              tabIndex={place === Math.min(current, headers.length - 1) ? 0 : -1}
              title={column?.description}
              draggable={props.onMove !== undefined}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', id);
                setDragged(id);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              onFocus={() => setCurrent(place)}
              onClick={(event) => props.onSort?.(id, event.shiftKey)}
              onKeyDown={(event) => onKeyDown(event, place, id)}
            >
              <span className="grid-title">{column?.title ?? id}</span>
              {key !== undefined && (
                <span className="grid-direction" aria-hidden="true">
                  {key.descending ? '↓' : '↑'}
                  {props.sort.length > 1 && <sup>{rank + 1}</sup>}
                </span>
              )}
            </button>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is Shift+arrows on the header */}
            <div
              className="grid-resize"
              data-active={header.column.getIsResizing() ? '' : undefined}
              onMouseDown={header.getResizeHandler()}
              onTouchStart={header.getResizeHandler()}
              onDoubleClick={() => props.onWidth(id, column?.width ?? 120)}
            />
          </div>
        );
      })}
    </div>
  );
}
