import { useState } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { DebugProfile } from '../../../core/cluster/terminal/contract.ts';
import { useQuery } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { readStored, writeStored } from '../../state/stored.ts';
import { Button, Dialog, Field, Select, TextInput, t } from '../../ui/index.ts';
import { writeTarget } from './target.ts';
import css from './terminal.module.css';

const isText = (value: unknown): value is string => typeof value === 'string';

/** Asks for what a debug container needs, and opens it. */
export function DebugDialog({ object, onClose }: { object: ObjectRef; onClose(): void }) {
  const [image, setImage] = useState(() => readStored('terminal.debugImage', isText) ?? 'busybox:1.36');
  const [target, setTarget] = useState<string>();
  const [profile, setProfile] = useState<DebugProfile>('general');
  const { data } = useQuery((client) => client.terminal.containers, { object });
  const containers = data?.containers.filter(({ kind }) => kind === 'container') ?? [];
  const open = () => {
    if (image.trim() === '') return;
    writeStored('terminal.debugImage', image.trim());
    const chosen = target ?? containers.find((each) => each.default)?.name;
    useDock
      .getState()
      .show(
        'terminal',
        writeTarget({ mode: 'debug', object, image: image.trim(), profile, ...(chosen && { target: chosen }) }),
        true,
      );
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t('terminal.debug.title', { name: object.name })}
      description={t('terminal.debug.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('terminal.cancel')}</Button>
          <Button variant="primary" disabled={image.trim() === ''} onClick={open}>
            {t('terminal.debug.start')}
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
        <Field label={t('terminal.image')} hint={t('terminal.debug.imageHint')}>
          <TextInput value={image} onChange={(event) => setImage(event.target.value)} />
        </Field>
        <Field label={t('terminal.debug.target')} hint={t('terminal.debug.targetHint')}>
          <Select
            value={target ?? containers.find((each) => each.default)?.name ?? ''}
            options={containers.map(({ name }) => ({ value: name, label: name }))}
            onChange={setTarget}
          />
        </Field>
        <Field label={t('terminal.debug.profile')} hint={t(`terminal.debug.profiles.${profile}`)}>
          <Select
            value={profile}
            options={DebugProfile.options.map((value) => ({ value, label: value }))}
            onChange={(value) => setProfile(DebugProfile.parse(value))}
          />
        </Field>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
