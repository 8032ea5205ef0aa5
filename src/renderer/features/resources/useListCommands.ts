import type { RefObject } from 'react';
import { toast } from 'sonner';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ListHead, ListQuery, ObjectRef, Row } from '../../../core/cluster/resources/contract.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { setParams } from '../../app/router.ts';
import { useClient } from '../../client/index.ts';
import { usePreferences } from '../../state/preferences.ts';
import { saveText } from '../../ui/download.ts';
import { emptySelection, markedCount, type Selection } from '../../ui/table/selection.ts';
import { toTabSeparated } from '../../ui/table/tabular.ts';
import { t } from '../../ui/text.ts';
import { type ListAddress, listParams } from './address.ts';
import { rowRef } from './CellView.tsx';
import { cellText } from './cellText.ts';

import type { Kinds } from './kinds.ts';
import { actionCommands, copyAs, performAction } from './objectActions.ts';
import type { ListColumns } from './useListColumns.ts';

export interface ListCommandOptions {
  kindId: string;
  kinds: Kinds;
  clusters: ReadonlyMap<string, Cluster>;
  openObject(object: ObjectRef, inDrawer?: boolean): void;
  setFilter(filter: string): void;
  actions: {
    query: ListQuery;
    title: string;
    columns: ListColumns;
    selection: Selection<Row>;
    setSelection(selection: Selection<Row>): void;
    head: ListHead | undefined;
    focused: RefObject<Row | null>;
    filterField: RefObject<{ focus(): void } | null>;
    address: ListAddress;
  };
}

/** Stands for any object, to know which actions there are. */
const template: ObjectRef = { cluster: '', kind: '', namespace: 'any', name: '' };

/** A list's commands for the palette, the keys and the help sheet; and what of them its buttons do. */
export function useListCommands(options: ListCommandOptions) {
  const client = useClient();
  const { preferences, update } = usePreferences();
  const { kindId, actions } = options;
  const { columns, selection, head, address } = actions;
  const favorite = preferences.favoriteKinds.includes(kindId);

  const asText = (rows: readonly Row[], column: string | null): string => {
    const ids = column === null ? columns.visible : [column];
    const infos = ids.flatMap((id) => columns.byId.get(id) ?? []);
    const table = rows.map((row) =>
      infos.map((info) => {
        if (info.id === 'cluster') return options.clusters.get(row.cluster)?.name ?? row.cluster;
        const place = columns.places[columns.visible.indexOf(info.id)] ?? -1;
        return cellText(row.cells[place], info, preferences.timeZone);
      }),
    );
    if (column !== null) return table.map((cells) => cells.join('')).join('\n');
    return toTabSeparated(
      infos.map((info) => info.title),
      table,
    );
  };

  const copyRows = (rows: readonly Row[], column: string | null) => {
    if (rows.length === 0) return;
    const what =
      column === null
        ? `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`
        : (columns.byId.get(column)?.title ?? column);
    copyAs(what, asText(rows, column));
  };

  const exportCsv = async () => {
    try {
      const { offset: _offset, limit: _limit, group: _group, ...query } = actions.query;
      const file = await client.resources.export({ query: { ...query, columns: [...columns.visible] }, format: 'csv' });
      saveText(file.fileName, file.mediaType, file.text);
      toast(t('resources.useListCommands.rowsExported', { rows: file.rows }), { description: file.fileName });
    } catch (thrown) {
      toast.error(t('resources.useListCommands.theListCouldNotBe'), {
        description: thrown instanceof Error ? thrown.message : String(thrown),
      });
    }
  };

  const markedRows = async (): Promise<readonly Row[]> => {
    if (!selection.all) return [...selection.rows.values()];
    const { offset: _offset, limit: _limit, ...query } = actions.query;
    const rows: Row[] = [];
    const wanted = markedCount(selection, head?.matched ?? 0);
    for (let offset = 0; rows.length < wanted && offset < 10_000; offset += 1000) {
      const answer = await client.resources.query({ ...query, offset, limit: 1000 });
      rows.push(...answer.rows.filter((row) => !selection.rows.has(row.key)));
      if (answer.rows.length < 1000) break;
    }
    return rows;
  };
  const copyMarked = async () => copyRows(await markedRows(), null);

  const shown = address.show;
  const target = (): ObjectRef | null => {
    const row = actions.focused.current;
    return shown ?? (row === null ? null : rowRef(row, kindId));
  };
  const actionsOf = useObjectActions();
  const anyMarked = () => markedCount(selection, head?.matched ?? 0) > 0;
  /** Does an action on what is marked, else on the object in the drawer, else on the row that has the focus. */
  const act = async (id: string) => {
    const object = target();
    const marked = anyMarked() ? (await markedRows()).map((row) => rowRef(row, kindId)) : [];
    const objects = marked.length > 0 ? marked : object === null ? [] : [object];
    if (objects.length === 1 && id === 'resources.yaml')
      setParams(listParams({ show: objects[0] ?? null, tab: 'yaml' }));
    else performAction(actionsOf(objects), id);
  };
  const group = 'resources.group';
  const commands: Command[] = [
    {
      id: 'resources.filter',
      label: 'resources.commands.filter',
      group,
      keys: ['/'],
      perform: () => actions.filterField.current?.focus(),
    },
    {
      id: 'resources.back',
      label: 'resources.commands.back',
      group,
      keys: ['Escape'],
      quiet: true,
      when: () => shown !== null || markedCount(selection, 1) > 0 || address.filter !== '',
      perform: () => {
        if (shown !== null) setParams(listParams({ show: null }));
        else if (markedCount(selection, 1) > 0) actions.setSelection(emptySelection);
        else options.setFilter('');
      },
    },
    {
      id: 'resources.favorite',
      label: favorite ? 'resources.commands.removeFavorite' : 'resources.commands.addFavorite',
      group,
      keys: ['Shift+F'],
      perform: () => {
        const next = favorite
          ? preferences.favoriteKinds.filter((id) => id !== kindId)
          : [...preferences.favoriteKinds, kindId];
        // What could not be kept is told by the frame.
        update({ favoriteKinds: next }).catch(() => undefined);
      },
    },
    { id: 'resources.export', label: 'resources.commands.export', group, perform: () => void exportCsv() },
    {
      id: 'resources.copyRows',
      label: 'resources.commands.copyRows',
      group,
      when: () => markedCount(selection, 1) > 0,
      perform: () => void copyMarked(),
    },
    ...sortCommands(group, columns),
    ...actionCommands(actionsOf([{ ...template, kind: kindId }]), {
      when: () => anyMarked() || target() !== null,
      perform: (id) => {
        act(id).catch((thrown: unknown) => {
          toast.error(t('resources.useListCommands.theMarkedCouldNotBe'), {
            description: thrown instanceof Error ? thrown.message : String(thrown),
          });
        });
      },
    }),
  ];
  useCommands(commands);
  return { copyRows, copyMarked, exportCsv: () => void exportCsv(), favorite };
}

/** k9s' sort keys: Shift with the column's letter. */
function sortCommands(group: string, columns: ListColumns): Command[] {
  const keys: [string, string, string, boolean][] = [
    ['name', 'resources.commands.sortName', 'Shift+N', false],
    ['created', 'resources.commands.sortAge', 'Shift+A', true],
    ['status', 'resources.commands.sortStatus', 'Shift+S', false],
    ['namespace', 'resources.commands.sortNamespace', 'Shift+P', false],
  ];
  return keys
    .filter(([column]) => columns.byId.has(column))
    .map(([column, label, key, descending]) => ({
      id: `resources.sort.${column}`,
      label,
      group,
      keys: [key],
      quiet: true,
      perform: () => {
        setParams(listParams({ sort: [{ column, descending }] }), { replace: true });
        columns.setSort([{ column, descending }]);
      },
    }));
}
