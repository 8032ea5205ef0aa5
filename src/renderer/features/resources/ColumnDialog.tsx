import { ArrowDown, ArrowUp, GripVertical, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { UserColumn } from '../../../core/platform/settings/contract.ts';
import { Button, Dialog, Field, IconButton, Select, TextInput } from '../../ui/index.ts';
import { moveColumn } from '../../ui/table/columnState.ts';
import css from './resources.module.css';
import type { ListColumns } from './useListColumns.ts';

/** Which columns are shown, in which order, and columns of the user's own. Changes are in effect at once. */
export function ColumnDialog({ open, onClose, columns }: { open: boolean; onClose(): void; columns: ListColumns }) {
  const { offered, visible, byId } = columns;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const hidden = offered.filter((column) => !visible.includes(column.id));
  const step = (id: string, by: number) => {
    const place = visible.indexOf(id);
    if (by < 0 && place > 0) columns.show(moveColumn(visible, id, visible[place - 1] ?? null));
    else if (by > 0 && place < visible.length - 1) columns.show(moveColumn(visible, id, visible[place + 2] ?? null));
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Columns"
      description="Kept for this kind. Drag to reorder, here or in the list's header."
      footer={
        <>
          <Button variant="quiet" onClick={columns.reset}>
            Reset to the defaults
          </Button>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <ul className={css.columnList} aria-label="Shown columns, in order">
        {visible.map((id, place) => (
          <li
            key={id}
            className={css.columnItem}
            draggable
            data-over={over === id && dragged !== id ? '' : undefined}
            onDragStart={() => setDragged(id)}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) columns.show(moveColumn(visible, dragged, id));
              setDragged(null);
              setOver(null);
            }}
          >
            <GripVertical size={13} aria-hidden className={css.grip} />
            <label>
              <input type="checkbox" checked disabled={visible.length === 1} onChange={() => columns.toggle(id)} />
              {byId.get(id)?.title ?? id}
            </label>
            <span className={css.grow} />
            <IconButton
              size="s"
              icon={ArrowUp}
              label={`Move ${byId.get(id)?.title ?? id} up`}
              disabled={place === 0}
              onClick={() => step(id, -1)}
            />
            <IconButton
              size="s"
              icon={ArrowDown}
              label={`Move ${byId.get(id)?.title ?? id} down`}
              disabled={place === visible.length - 1}
              onClick={() => step(id, 1)}
            />
          </li>
        ))}
        {hidden.map((column) => (
          <li key={column.id} className={css.columnItem} data-hidden="">
            <label title={column.description}>
              <input type="checkbox" checked={false} onChange={() => columns.toggle(column.id)} />
              {column.title}
            </label>
          </li>
        ))}
      </ul>
      <OwnColumns columns={columns} />
    </Dialog>
  );
}

const sources = [
  { value: 'label', label: 'Label' },
  { value: 'annotation', label: 'Annotation' },
  { value: 'jsonPath', label: 'JSONPath' },
];

function OwnColumns({ columns }: { columns: ListColumns }) {
  const [from, setFrom] = useState<UserColumn['from']>('label');
  const [path, setPath] = useState('');
  const [title, setTitle] = useState('');
  const ready = path.trim() !== '';
  const add = () => {
    if (!ready) return;
    const last = path.trim().split(/[./]/u).at(-1) ?? path.trim();
    const column: UserColumn = { from, path: path.trim(), title: (title.trim() || last).slice(0, 60) };
    columns.setUserColumns([...columns.userColumns, column]);
    setPath('');
    setTitle('');
  };
  return (
    <section className={css.ownColumns} aria-label="Your own columns">
      <h3 className={css.subTitle}>Your own columns</h3>
      <ul>
        {columns.userColumns.map((column) => (
          <li key={`${column.from} ${column.path}`} className={css.columnItem}>
            <span>{column.title}</span>
            <code className={css.dim}>
              {column.from} {column.path}
            </code>
            <span className={css.grow} />
            <IconButton
              size="s"
              icon={Trash2}
              label={`Remove ${column.title}`}
              onClick={() => columns.setUserColumns(columns.userColumns.filter((other) => other !== column))}
            />
          </li>
        ))}
      </ul>
      <form
        className={css.ownForm}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label="From">
          <Select
            options={sources}
            value={from}
            onChange={(value) => setFrom(value === 'annotation' || value === 'jsonPath' ? value : 'label')}
          />
        </Field>
        <Field label={from === 'jsonPath' ? 'Path' : 'Key'}>
          <TextInput
            value={path}
            placeholder={from === 'jsonPath' ? '.spec.priority' : 'app.kubernetes.io/version'}
            onChange={(event) => setPath(event.target.value)}
          />
        </Field>
        <Field label="Title">
          <TextInput
            value={title}
            maxLength={60}
            placeholder="Optional"
            onChange={(event) => setTitle(event.target.value)}
          />
        </Field>
        <Button disabled={!ready} onClick={add}>
          Add
        </Button>
      </form>
    </section>
  );
}
