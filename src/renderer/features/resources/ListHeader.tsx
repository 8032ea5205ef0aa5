import { Bookmark, Columns3, Download, ListTree, Plus, Star } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { KindRow, ListHead } from '../../../core/cluster/resources/contract.ts';
import { performCommand } from '../../app/commands.ts';
import { setParams } from '../../app/router.ts';
import type { Scope } from '../../app/scope.ts';
import { createFrom } from '../../state/newObject.ts';
import { usePreferences } from '../../state/preferences.ts';
import { formatCount, IconButton, Menu, t } from '../../ui/index.ts';
import type { SortKey } from '../../ui/table/model.ts';
import { type ListAddress, listParams } from './address.ts';
import { ColumnDialog } from './ColumnDialog.tsx';
import css from './resources.module.css';
import { SaveViewDialog, useViewsMenu } from './SavedViews.tsx';
import type { ListColumns } from './useListColumns.ts';

export interface ListHeaderProps {
  kindId: string;
  title: string;
  kind: KindRow | undefined;
  head: ListHead | undefined;
  columns: ListColumns;
  address: ListAddress;
  sort: readonly SortKey[];
  scope: Scope;
  onExport(): void;
  /** The filter, between the title and the tools. */
  children: ReactNode;
}

/** Title and what can be done with the list as a whole. */
export function ListHeader(props: ListHeaderProps) {
  const { kindId, title, kind, head, columns, address } = props;
  const { preferences } = usePreferences();
  const [dialog, setDialog] = useState<'columns' | 'view' | null>(null);
  const views = useViewsMenu({ kindId, address, scope: props.scope, onSave: () => setDialog('view') });
  const favorite = preferences.favoriteKinds.includes(kindId);
  const current = preferences.views.find((view) => view.id === address.view);
  const groupable = columns.offered.filter(
    (column) => column.type === 'text' && !['labels', 'containers', 'reason'].includes(column.id),
  );
  return (
    <header className={css.header}>
      <h1 className={css.title}>{title}</h1>
      {head !== undefined && head.total > 0 && <span className={css.titleCount}>{formatCount(head.total)}</span>}
      {kind !== undefined && kind.group !== '' && (
        <span className={css.groupName} title={t('resources.listHeader.apiGroupAndVersion')}>
          {kind.group}/{kind.version}
        </span>
      )}
      <IconButton
        size="s"
        icon={Star}
        filled={favorite}
        pressed={favorite}
        label={favorite ? t('resources.listHeader.removeFromFavourites') : t('resources.listHeader.addToFavourites')}
        onClick={() => performCommand('resources.favorite')}
      />
      {current !== undefined && <span className={css.viewName}>{current.name}</span>}
      <span className={css.spring} />
      <div className={css.headerFilter}>{props.children}</div>
      <Menu
        align="end"
        groups={[
          {
            id: 'group',
            label: t('resources.listHeader.groupBy'),
            actions: [
              {
                id: '',
                label: t('resources.listHeader.nothing'),
                checked: address.group === null,
                perform: () => setParams(listParams({ group: null }), { replace: true }),
              },
              ...groupable.map((column) => ({
                id: column.id,
                label: column.title,
                checked: address.group === column.id,
                perform: () => setParams(listParams({ group: column.id }), { replace: true }),
              })),
            ],
          },
        ]}
      >
        <IconButton icon={ListTree} label={t('resources.listHeader.groupBy')} pressed={address.group !== null} />
      </Menu>
      <Menu align="end" groups={views}>
        <IconButton icon={Bookmark} label={t('resources.listHeader.savedViews')} filled={current !== undefined} />
      </Menu>
      {kind?.verbs.includes('create') === true && (
        <IconButton
          icon={Plus}
          label={t('manifests.createKind', { kind: kind.kind })}
          onClick={() => {
            const { group, version, kind: name, custom } = kind;
            createFrom({
              kind: { apiVersion: group === '' ? version : `${group}/${version}`, kind: name },
              form: custom,
              cluster: props.scope.clusters?.[0] ?? kind.clusters[0],
              namespace: props.scope.namespaces?.[0],
            });
          }}
        />
      )}
      <IconButton icon={Columns3} label={t('resources.listHeader.columns')} onClick={() => setDialog('columns')} />
      <IconButton icon={Download} label={t('resources.listHeader.exportAsCsv')} onClick={props.onExport} />
      <ColumnDialog open={dialog === 'columns'} onClose={() => setDialog(null)} columns={columns} />
      <SaveViewDialog
        open={dialog === 'view'}
        onClose={() => setDialog(null)}
        kindId={kindId}
        address={address}
        sort={props.sort}
        scope={props.scope}
        columns={columns.visible}
      />
    </header>
  );
}
