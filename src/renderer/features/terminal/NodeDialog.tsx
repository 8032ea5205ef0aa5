import { useState } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useDock } from '../../state/dock.ts';
import { readStored, writeStored } from '../../state/stored.ts';
import { Button, Dialog, Field, TextInput, t } from '../../ui/index.ts';
import { writeTarget } from './target.ts';
import css from './terminal.module.css';

const isPlace = (value: unknown): value is { image: string; namespace: string } =>
  typeof (value as { image?: unknown } | null)?.image === 'string' &&
  typeof (value as { namespace?: unknown }).namespace === 'string';

/** Says what a node shell is before it is opened: a privileged pod on that node. */
export function NodeDialog({ object, onClose }: { object: ObjectRef; onClose(): void }) {
  const [place, setPlace] = useState(
    () => readStored('terminal.node', isPlace) ?? { image: 'busybox:1.36', namespace: 'default' },
  );
  const ready = place.image.trim() !== '' && place.namespace.trim() !== '';
  const open = () => {
    if (!ready) return;
    const image = place.image.trim();
    const namespace = place.namespace.trim();
    writeStored('terminal.node', { image, namespace });
    useDock.getState().show('terminal', writeTarget({ mode: 'node', object, image, namespace }), true);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t('terminal.node.title', { name: object.name })}
      description={t('terminal.node.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('terminal.cancel')}</Button>
          <Button variant="primary" disabled={!ready} onClick={open}>
            {t('terminal.node.start')}
          </Button>
        </>
      }
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <Field label={t('terminal.image')} hint={t('terminal.node.imageHint')}>
          <TextInput value={place.image} onChange={(event) => setPlace({ ...place, image: event.target.value })} />
        </Field>
        <Field label={t('terminal.node.namespace')} hint={t('terminal.node.namespaceHint')}>
          <TextInput
            value={place.namespace}
            onChange={(event) => setPlace({ ...place, namespace: event.target.value })}
          />
        </Field>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
