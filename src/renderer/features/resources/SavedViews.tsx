import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { SavedView } from '../../../core/platform/settings/contract.ts';
import { formatLocation, listText, navigate, parseLocation, setParams } from '../../app/router.ts';
import type { Scope } from '../../app/scope.ts';
import { usePreferences } from '../../state/preferences.ts';
import { Button, Dialog, Field, type MenuGroup, TextInput, t } from '../../ui/index.ts';
import type { SortKey } from '../../ui/table/model.ts';
import { type ListAddress, listParams, listPath } from './address.ts';

/** Opens a view: its scope too, where it has one. */
export function openView(view: SavedView): void {
  const { path, params } = parseLocation(
    listPath(view.kind, { filter: view.filter, sort: view.sort, group: view.group ?? null, view: view.id }),
  );
  navigate(
    formatLocation(path, { ...params, clusters: listText(view.clusters), namespaces: listText(view.namespaces) }),
  );
}

export function useViewsMenu(options: {
  kindId: string;
  address: ListAddress;
  scope: Scope;
  onSave(): void;
}): MenuGroup[] {
  const { preferences, update } = usePreferences();
  const { kindId, address } = options;
  const own = preferences.views.filter((view) => view.kind === kindId);
  const current = own.find((view) => view.id === address.view);
  const remove = (view: SavedView) => {
    update({ views: preferences.views.filter((other) => other.id !== view.id) }).then(
      () => {
        setParams(listParams({ view: null }), { replace: true });
        toast(t('resources.savedViews.viewDeleted', { name: view.name }), {
          action: {
            label: t('resources.savedViews.undo'),
            // A failure to keep it is told by the frame.
            onClick: () => void update({ views: [...preferences.views] }).catch(() => undefined),
          },
        });
      },
      () => undefined,
    );
  };
  return [
    {
      id: 'views',
      label: t('resources.savedViews.savedViews'),
      actions: own.map((view) => ({
        id: view.id,
        label: view.name,
        checked: view.id === address.view,
        perform: () => openView(view),
      })),
    },
    {
      id: 'edit',
      actions: [
        {
          id: 'save',
          label:
            current === undefined
              ? t('resources.savedViews.saveThisView')
              : t('resources.savedViews.renameOrSaveAgain'),
          icon: Plus,
          perform: options.onSave,
        },
        ...(current === undefined
          ? []
          : [
              {
                id: 'delete',
                label: t('resources.savedViews.delete', { name: current.name }),
                icon: Trash2,
                danger: true,
                perform: () => remove(current),
              },
            ]),
      ],
    },
  ];
}

/** Names the list as it is now, or gives the opened view another name and what is shown now. */
export function SaveViewDialog(props: {
  open: boolean;
  onClose(): void;
  kindId: string;
  address: ListAddress;
  sort: readonly SortKey[];
  scope: Scope;
  columns: readonly string[];
}) {
  const { preferences, update } = usePreferences();
  const current = preferences.views.find((view) => view.id === props.address.view);
  const [name, setName] = useState('');
  useEffect(() => {
    if (props.open) setName(current?.name ?? '');
  }, [props.open, current?.name]);
  const save = () => {
    const { address, scope } = props;
    const view: SavedView = {
      id: current?.id ?? crypto.randomUUID(),
      name: name.trim(),
      kind: props.kindId,
      filter: address.filter,
      sort: [...props.sort],
      columns: [...props.columns],
      ...(address.group !== null && { group: address.group }),
      ...(scope.clusters !== undefined && { clusters: scope.clusters }),
      ...(scope.namespaces !== undefined && { namespaces: scope.namespaces }),
    };
    const views = [...preferences.views.filter((other) => other.id !== view.id), view];
    update({ views }).then(
      () => {
        setParams(listParams({ view: view.id }), { replace: true });
        props.onClose();
      },
      // The frame tells why it could not be kept; the dialog stays with what was typed.
      () => undefined,
    );
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => !open && props.onClose()}
      title={current === undefined ? t('resources.savedViews.saveThisView2') : t('resources.savedViews.savedView')}
      description={t('resources.savedViews.keepsTheFilterSortingGrouping')}
      footer={
        <>
          <Button variant="quiet" onClick={props.onClose}>
            {t('resources.savedViews.cancel')}
          </Button>
          <Button variant="primary" disabled={name.trim() === ''} onClick={save}>
            {t('resources.savedViews.save')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <Field label={t('resources.savedViews.name')}>
          <TextInput value={name} maxLength={80} autoFocus onChange={(event) => setName(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
