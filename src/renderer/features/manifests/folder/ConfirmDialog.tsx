import { useState } from 'react';
import type { Confirmation } from '../../../../core/cluster/changes/contract.ts';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Button, Dialog, Field, Name, TextInput, t } from '../../../ui/index.ts';
import css from './folder.module.css';

export function ConfirmDialog(props: {
  confirmation: Confirmation;
  /** These are deleted. */
  objects: readonly ObjectRef[];
  onConfirm(text: string): void;
  onClose(): void;
}) {
  const { confirmation, objects } = props;
  const [typed, setTyped] = useState('');
  const may = confirmation.level !== 'type' || typed === confirmation.text;
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={t('manifests.folder.confirm')}
      description={confirmation.reasons.join(' ')}
      footer={
        <>
          <Button onClick={props.onClose}>{t('manifests.folder.cancel')}</Button>
          <Button
            variant={objects.length > 0 ? 'danger' : 'primary'}
            disabled={!may}
            onClick={() => props.onConfirm(confirmation.text)}
          >
            {t(objects.length > 0 ? 'manifests.folder.applyAnyway' : 'manifests.apply')}
          </Button>
        </>
      }
    >
      {objects.length > 0 && (
        <>
          <p>{t('manifests.folder.deleted', { count: objects.length })}</p>
          <ul className={css.deleted}>
            {objects.slice(0, 20).map((object) => (
              <li key={`${object.kind}/${object.namespace}/${object.name}`}>
                {object.kind} <Name>{object.name}</Name> <span className={css.dim}>{object.namespace}</span>
              </li>
            ))}
          </ul>
          {objects.length > 20 && (
            <p className={css.dim}>{t('manifests.folder.more', { count: objects.length - 20 })}</p>
          )}
        </>
      )}
      {confirmation.level === 'type' && (
        <Field label={t('manifests.typeName', { name: confirmation.text })}>
          <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      )}
    </Dialog>
  );
}
