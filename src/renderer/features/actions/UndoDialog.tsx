import { useState } from 'react';
import type { Run } from '../../../core/cluster/changes/contract.ts';
import { useCommand, useQuery } from '../../client/index.ts';
import { Button, Dialog, ErrorState, Field, legible, Name, Skeleton, TextInput, t } from '../../ui/index.ts';
import css from './actions.module.css';

const shownObjects = 12;

/** Asks before a run is taken back that loses something, or is in a protected cluster. */
export function UndoDialog({ run, onClose }: { run: Run; onClose(): void }) {
  const { data, error, reload } = useQuery((client) => client.changes.wayBack, { run: run.key });
  const [typed, setTyped] = useState('');
  const [undo, undoing] = useCommand((client) => client.changes.undo);
  const confirmation = data?.confirmation;
  const mayRun = data !== undefined && (confirmation?.level !== 'type' || typed === confirmation.text);
  const perform = () => {
    if (!mayRun || undoing.pending) return;
    const confirmed = confirmation?.level === 'confirm' ? 'yes' : typed;
    undo({ run: run.key, ...(confirmed !== '' && { confirmed }) }).then(onClose, () => undefined);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={legible(data?.title ?? run.title)}
      footer={
        <>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button
            variant={data?.danger ? 'danger' : 'primary'}
            busy={undoing.pending}
            disabled={!mayRun}
            onClick={perform}
          >
            {t('actions.undo')}
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
        {error !== undefined && <ErrorState compact title={t('actions.undoFailed')} error={error} onRetry={reload} />}
        {data === undefined && error === undefined && <Skeleton width="60%" />}
        <ul className={css.targets}>
          {data?.objects.slice(0, shownObjects).map((object) => (
            <li key={`${object.cluster}/${object.kind}/${object.namespace}/${object.name}`}>
              {object.namespace !== '' && <span className={css.dim}>{object.namespace}</span>}
              <Name>{object.name}</Name>
            </li>
          ))}
        </ul>
        {confirmation?.level === 'confirm' && <p className={css.warning}>{legible(confirmation.reasons.join(' '))}</p>}
        {confirmation?.level === 'type' && (
          <Field
            label={t('actions.typeName', { name: legible(confirmation.text) })}
            hint={legible(confirmation.reasons.join(' '))}
          >
            <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} />
          </Field>
        )}
        {undoing.error !== undefined && (
          <p className={css.error} role="alert">
            {undoing.error.message} {undoing.error.hint}
          </p>
        )}
      </form>
    </Dialog>
  );
}
