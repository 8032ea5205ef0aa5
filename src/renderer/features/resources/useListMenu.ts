import { ArrowDown, ArrowUp, EyeOff, Filter, FilterX, PanelRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ObjectRef, Row } from '../../../core/cluster/resources/contract.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { location } from '../../app/router.ts';
import { setScope } from '../../app/scope.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { MenuGroup } from '../../ui/index.ts';
import { isMarked, type Selection } from '../../ui/table/selection.ts';
import { t } from '../../ui/text.ts';
import { readListAddress } from './address.ts';
import { rowRef } from './CellView.tsx';
import { cellText } from './cellText.ts';
import { quoteValue, withPart } from './filter.ts';
import type { Kinds } from './kinds.ts';
import { copyAs } from './objectActions.ts';
import type { ListColumns } from './useListColumns.ts';

interface Target {
  row: Row | null;
  column: string | null;
}

/** The context menu of a list: of the row that was hit, of its cell, or of a column's header. */
export function useListMenu(options: {
  kindId: string;
  kinds: Kinds;
  columns: ListColumns;
  openObject(object: ObjectRef, inDrawer?: boolean): void;
  setFilter(filter: string): void;
  onSort(column: string, add: boolean): void;
  selection: Selection<Row>;
}): { groups: MenuGroup[]; onMenu(row: Row | null, column: string | null): void } {
  const [target, setTarget] = useState<Target>({ row: null, column: null });
  const { preferences } = usePreferences();
  const actionsOf = useObjectActions();
  const { kindId, columns, setFilter, selection } = options;
  const groups = useMemo((): MenuGroup[] => {
    const { row, column } = target;
    const info = column === null ? undefined : columns.byId.get(column);
    if (row === null) {
      if (column === null || info === undefined) return [columnGroup(columns)];
      return [
        {
          id: 'column',
          label: info.title,
          actions: [
            {
              id: 'sort',
              label: t('resources.useListMenu.sort'),
              icon: ArrowDown,
              perform: () => options.onSort(column, false),
            },
            {
              id: 'addSort',
              label: t('resources.useListMenu.addToTheSorting'),
              icon: ArrowUp,
              perform: () => options.onSort(column, true),
            },
            {
              id: 'hide',
              label: t('resources.useListMenu.hideColumn'),
              icon: EyeOff,
              perform: () => columns.toggle(column),
            },
          ],
        },
        columnGroup(columns),
      ];
    }
    const object = rowRef(row, kindId);
    // A marked row's menu is that of all marked ones, as far as they are at hand.
    const marked =
      !selection.all && selection.rows.size > 1 && isMarked(selection, row.key)
        ? [...selection.rows.values()].map((each) => rowRef(each, kindId))
        : undefined;
    if (marked !== undefined) {
      const [first, ...rest] = actionsOf(marked);
      const label = t('resources.useListMenu.marked', { count: marked.length });
      return first === undefined ? [{ id: 'none', label, actions: [] }] : [{ ...first, label }, ...rest];
    }
    const place = column === null ? -1 : columns.visible.indexOf(column);
    const value = place < 0 ? null : (row.cells[columns.places[place] ?? -1] ?? null);
    const text = info === undefined ? '' : cellText(value, info, preferences.timeZone);
    const add = (part: string) => setFilter(withPart(readListAddress(location().params).filter, part));
    const cellOf = (id: string) => {
      const at = columns.visible.indexOf(id);
      const found = at < 0 ? null : row.cells[columns.places[at] ?? -1];
      return typeof found === 'string' ? found : '';
    };
    const narrowing = [
      ...(['node', 'owner'] as const)
        .filter((id) => id !== column && cellOf(id) !== '')
        .map((id) => ({
          id,
          label: t(`resources.useListMenu.only.${id}`, { name: cellOf(id) }),
          icon: Filter,
          perform: () => add(`${id}=${quoteValue(cellOf(id))}`),
        })),
      ...(row.namespace === ''
        ? []
        : [
            {
              id: 'namespace',
              label: t('resources.useListMenu.onlyNamespace', { namespace: row.namespace }),
              icon: Filter,
              perform: () => setScope({ namespaces: [row.namespace] }),
            },
          ]),
      ...(column !== null && typeof value === 'string' && value !== '' && !value.includes('\n') && column !== 'name'
        ? [
            {
              id: 'with',
              label: t('resources.useListMenu.only2', { value: info?.title ?? column, text }),
              icon: Filter,
              perform: () => add(`${column}=${quoteValue(value)}`),
            },
            {
              id: 'without',
              label: t('resources.useListMenu.without', { value: info?.title ?? column, text }),
              icon: FilterX,
              perform: () => add(`!${column}=${quoteValue(value)}`),
            },
          ]
        : []),
    ];
    return [
      {
        id: 'object',
        label: row.name,
        actions: [
          {
            id: 'open',
            label: t('resources.useListMenu.open'),
            icon: PanelRight,
            keys: 'Enter',
            perform: () => options.openObject(object, true),
          },
        ],
      },
      ...actionsOf([object]),
      {
        id: 'cell',
        actions:
          text === '' || info === undefined
            ? []
            : [
                {
                  id: 'copyCell',
                  label: t('resources.useListMenu.copy', { title: info.title }),
                  perform: () => copyAs(info.title, text),
                },
              ],
      },
      { id: 'narrow', actions: narrowing },
    ];
  }, [
    target,
    columns,
    kindId,
    setFilter,
    selection,
    actionsOf,
    options.onSort,
    options.openObject,
    preferences.timeZone,
  ]);
  return { groups, onMenu: (row, column) => setTarget({ row, column }) };
}

function columnGroup(columns: ListColumns): MenuGroup {
  return {
    id: 'columns',
    label: t('resources.useListMenu.columns'),
    actions: columns.offered.map((column) => ({
      id: column.id,
      label: column.title,
      checked: columns.visible.includes(column.id),
      perform: () => columns.toggle(column.id),
    })),
  };
}
