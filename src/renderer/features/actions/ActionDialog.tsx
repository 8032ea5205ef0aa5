import { useEffect, useMemo, useState } from 'react';
import type { FieldValue, Field as Wanted } from '../../../core/cluster/actions/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { useCommand, useQuery } from '../../client/index.ts';
import {
  Button,
  Dialog,
  Dot,
  ErrorState,
  Field,
  legible,
  Name,
  Select,
  Skeleton,
  Switch,
  TextInput,
  t,
} from '../../ui/index.ts';
import { hasText } from '../../ui/text.ts';
import css from './actions.module.css';
import { BulkProgress } from './BulkProgress.tsx';
import { type Asked, useAsked } from './catalog.ts';
import { Pairs, pairsChange, readPairs } from './Pairs.tsx';
import { Preview } from './Preview.tsx';

/** Values that a dialog can begin with: keys and values are written anew. */
function plainOf(values: Readonly<Record<string, FieldValue>>): NonNullable<Asked['values']> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, Exclude<FieldValue, object>] => typeof entry[1] !== 'object',
    ),
  );
}

/** So long after the last letter a preview is asked for. */
const previewMs = 350;
const shownObjects = 6;

/** Asks for what an action needs, shows what it would change, and does it. */
export function ActionDialog({ asked, onClose }: { asked: Asked; onClose(): void }) {
  const { action, objects } = asked;
  const clusters = useClusters();
  const input = useMemo(() => ({ action: action.id, objects: [...objects] }), [action, objects]);
  const form = useQuery((client) => client.actions.form, input);
  const [edited, setEdited] = useState<Readonly<Record<string, FieldValue>>>(asked.values ?? {});
  const [confirmed, setConfirmed] = useState('');
  const [begun, setBegun] = useState<string>();
  const [run, running] = useCommand((client) => client.actions.run);
  const fields = form.data?.fields ?? [];
  const confirmation = form.data?.confirmation;
  const values = Object.fromEntries(
    fields.flatMap((field) => {
      const value = edited[field.id] ?? (field.type === 'pairs' ? undefined : field.value);
      return value === undefined || value === '' ? [] : [[field.id, value]];
    }),
  );
  const missing = fields.some((field) => field.required && values[field.id] === undefined);
  const ready = form.data !== undefined && !missing;
  const mayRun = ready && (confirmation?.level !== 'type' || confirmed === confirmation.text) && !running.pending;
  const shown = useLater(ready ? JSON.stringify(values) : null, previewMs);
  const preview = useQuery(
    (client) => client.actions.preview,
    shown === null ? null : { ...input, values: JSON.parse(shown) as Record<string, FieldValue> },
  );
  const title = t(`actions.title.${action.id}`);
  const perform = () => {
    if (!mayRun) return;
    const answer = confirmation?.level === 'confirm' ? 'yes' : confirmed;
    run({ ...input, values, ...(answer !== '' && { confirmed: answer }) }).then(
      // Several objects take their time: how each of them fares is seen where it was asked for.
      (started) => (objects.length > 1 ? setBegun(started.run) : onClose()),
      () => undefined,
    );
  };
  const heading =
    objects.length === 1
      ? `${title}: ${legible(objects[0]?.name ?? '')}`
      : t('actions.many', { title, count: objects.length });
  if (begun !== undefined) {
    const again = (left: readonly ObjectRef[]) =>
      useAsked.getState().ask({ action, objects: left, values: plainOf(values) });
    return <BulkProgress run={begun} title={heading} onClose={onClose} onAgain={again} />;
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size={fields.length > 0 || objects.length > 1 ? 'l' : 'm'}
      title={heading}
      footer={
        <>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button
            variant={action.danger ? 'danger' : 'primary'}
            busy={running.pending}
            disabled={!mayRun}
            onClick={perform}
          >
            {title}
          </Button>
        </>
      }
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          perform();
        }}
      >
        <ul className={css.targets}>
          {objects.slice(0, shownObjects).map((object) => {
            const cluster = clusters.byId.get(object.cluster);
            return (
              <li key={`${object.cluster}/${object.namespace}/${object.name}`}>
                {cluster !== undefined && <Dot color={cluster.color} />}
                <span className={css.dim}>{legible(cluster?.name ?? object.cluster)}</span>
                {object.namespace !== '' && <span className={css.dim}>{legible(object.namespace)}</span>}
                <Name>{object.name}</Name>
              </li>
            );
          })}
          {objects.length > shownObjects && (
            <li className={css.dim}>{t('actions.more', { count: objects.length - shownObjects })}</li>
          )}
        </ul>
        {form.error !== undefined && (
          <ErrorState compact title={t('actions.notPossible', { title })} error={form.error} onRetry={form.reload} />
        )}
        {form.data === undefined && form.error === undefined && <Skeleton width="60%" />}
        {form.data?.notes.map((note) => (
          <p key={note} className={css.note}>
            {legible(note)}
          </p>
        ))}
        {fields.map((field) => (
          <ActionField
            key={field.id}
            field={field}
            value={edited[field.id] ?? field.value}
            onChange={(value) => setEdited((before) => ({ ...before, [field.id]: value }))}
          />
        ))}
        {ready && <Preview preview={preview} />}
        {confirmation?.level === 'type' && (
          <Field
            label={t('actions.typeName', { name: legible(confirmation.text) })}
            hint={legible(confirmation.reasons.join(' '))}
          >
            <TextInput value={confirmed} onChange={(event) => setConfirmed(event.target.value)} />
          </Field>
        )}
        {confirmation?.level === 'confirm' && <p className={css.warning}>{legible(confirmation.reasons.join(' '))}</p>}
        {running.error !== undefined && (
          <p className={css.error} role="alert">
            {running.error.message} {running.error.hint}
          </p>
        )}
        <input type="submit" hidden disabled={!mayRun} />
      </form>
    </Dialog>
  );
}

function ActionField({
  field,
  value,
  onChange,
}: {
  field: Wanted;
  value: FieldValue | undefined;
  onChange(value: FieldValue): void;
}) {
  const { id, type, help } = field;
  // Texts of the engine stand in where this program knows none.
  const known = hasText(`actions.field.${id}`) ? t(`actions.field.${id}`) : field.label;
  if (type === 'boolean') {
    return (
      <div className={css.switch}>
        <Switch label={known} checked={value === true} onChange={onChange} />
        <div>
          <div>{known}</div>
          {help !== undefined && <div className={css.help}>{help}</div>}
        </div>
      </div>
    );
  }
  if (type === 'pairs') {
    return (
      <Pairs
        label={known}
        help={help}
        before={readPairs(field.value)}
        onChange={(after) => onChange(pairsChange(readPairs(field.value), after))}
      />
    );
  }
  if (type === 'choice') {
    return (
      <Field label={known} hint={help}>
        <Select value={String(value ?? '')} options={field.options ?? []} onChange={onChange} />
      </Field>
    );
  }
  if (type === 'integer') {
    return (
      <Field label={known} hint={help}>
        <TextInput
          type="number"
          min={field.min}
          max={field.max}
          value={value === undefined ? '' : String(value)}
          onChange={(event) => onChange(event.target.value === '' ? '' : Number(event.target.value))}
        />
      </Field>
    );
  }
  return (
    <Field label={known} hint={help}>
      <TextInput value={String(value ?? '')} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

function useLater(text: string | null, ms: number): string | null {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return later;
}
