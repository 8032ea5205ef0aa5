import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { SavedView } from '../../../core/platform/settings/contract.ts';
import { formatLocation, listText, navigate, parseLocation, setParams } from '../../app/router.ts';
import type { Scope } from '../../app/scope.ts';
import { usePreferences } from '../../state/preferences.ts';
import { Button, Dialog, Field, type MenuGroup, TextInput } from '../../ui/index.ts';
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
        toast(`View “${view.name}” deleted`, {
          action: {
            label: 'Undo',
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
      label: 'Saved views',
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
          label: current === undefined ? 'Save this view…' : 'Rename or save again…',
          icon: Plus,
          perform: options.onSave,
        },
        ...(current === undefined
          ? []
          : [
              {
                id: 'delete',
                label: `Delete “${current.name}”`,
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
      title={current === undefined ? 'Save this view' : 'Saved view'}
      description="Keeps the filter, sorting, grouping, columns and scope under a name."
      footer={
        <>
          <Button variant="quiet" onClick={props.onClose}>
            Cancel
          </Button>
          <Button variant="primary" disabled={name.trim() === ''} onClick={save}>
            Save
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
        <Field label="Name">
          <TextInput value={name} maxLength={80} autoFocus onChange={(event) => setName(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
