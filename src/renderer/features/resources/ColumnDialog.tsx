import { ArrowDown, ArrowUp, GripVertical, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { UserColumn } from '../../../core/platform/settings/contract.ts';
import { Button, Dialog, Field, IconButton, legible, Select, TextInput, t } from '../../ui/index.ts';
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
      title={t('resources.columnDialog.columns')}
      description={t('resources.columnDialog.keptForThisKindDrag')}
      footer={
        <>
          <Button variant="quiet" onClick={columns.reset}>
            {t('resources.columnDialog.resetToTheDefaults')}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {t('resources.columnDialog.done')}
          </Button>
        </>
      }
    >
      <ul className={css.columnList} aria-label={t('resources.columnDialog.shownColumnsInOrder')}>
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
              {legible(byId.get(id)?.title ?? id)}
            </label>
            <span className={css.grow} />
            <IconButton
              size="s"
              icon={ArrowUp}
              label={t('resources.columnDialog.moveUp', { value: byId.get(id)?.title ?? id })}
              disabled={place === 0}
              onClick={() => step(id, -1)}
            />
            <IconButton
              size="s"
              icon={ArrowDown}
              label={t('resources.columnDialog.moveDown', { value: byId.get(id)?.title ?? id })}
              disabled={place === visible.length - 1}
              onClick={() => step(id, 1)}
            />
          </li>
        ))}
        {hidden.map((column) => (
          <li key={column.id} className={css.columnItem} data-hidden="">
            <label title={column.description}>
              <input type="checkbox" checked={false} onChange={() => columns.toggle(column.id)} />
              {legible(column.title)}
            </label>
          </li>
        ))}
      </ul>
      <OwnColumns columns={columns} />
    </Dialog>
  );
}

const sources = ['label', 'annotation', 'jsonPath'] as const;

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
    <section className={css.ownColumns} aria-label={t('resources.columnDialog.yourOwnColumns')}>
      <h3 className={css.subTitle}>{t('resources.columnDialog.yourOwnColumns')}</h3>
      <ul>
        {columns.userColumns.map((column) => (
          <li key={`${column.from} ${column.path}`} className={css.columnItem}>
            <span>{legible(column.title)}</span>
            <code className={css.dim}>
              {column.from} {column.path}
            </code>
            <span className={css.grow} />
            <IconButton
              size="s"
              icon={Trash2}
              label={t('resources.columnDialog.remove', { title: column.title })}
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
        <Field label={t('resources.columnDialog.from')}>
          <Select
            options={sources.map((each) => ({ value: each, label: t(`resources.columnDialog.source.${each}`) }))}
            value={from}
            onChange={(value) => setFrom(value === 'annotation' || value === 'jsonPath' ? value : 'label')}
          />
        </Field>
        <Field label={from === 'jsonPath' ? t('resources.columnDialog.path') : t('resources.columnDialog.key')}>
          <TextInput
            value={path}
            placeholder={from === 'jsonPath' ? '.spec.priority' : 'app.kubernetes.io/version'}
            onChange={(event) => setPath(event.target.value)}
          />
        </Field>
        <Field label={t('resources.columnDialog.title')}>
          <TextInput
            value={title}
            maxLength={60}
            placeholder={t('resources.columnDialog.optional')}
            onChange={(event) => setTitle(event.target.value)}
          />
        </Field>
        <Button disabled={!ready} onClick={add}>
          {t('resources.columnDialog.add')}
        </Button>
      </form>
    </section>
  );
}
