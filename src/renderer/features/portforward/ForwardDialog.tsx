import { useState } from 'react';
import { toast } from 'sonner';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { navigate } from '../../app/router.ts';
import { useCommand, useQuery } from '../../client/index.ts';
import { Button, Dialog, Field, Select, Skeleton, TextInput, t } from '../../ui/index.ts';
import css from './portforward.module.css';

const other = 'other';

/** Asks which port is wanted, and where. */
export function ForwardDialog({ object, onClose }: { object: ObjectRef; onClose(): void }) {
  const ports = useQuery((client) => client.portforward.ports, { object });
  const offered = ports.data?.ports ?? [];
  const [chosen, setChosen] = useState<string>();
  const [typed, setTyped] = useState('');
  const [local, setLocal] = useState('');
  const [start, starting] = useCommand((client) => client.portforward.start);
  const choice = chosen ?? (offered[0] === undefined ? other : String(offered[0].port));
  const port = Number(choice === other ? typed : choice);
  const localPort = local === '' ? 0 : Number(local);
  const valid = isPort(port) && (localPort === 0 || isPort(localPort));
  const begin = () => {
    if (!valid) return;
    start({ object, port, localPort }).then(
      ({ url }) => {
        onClose();
        toast.success(t('portforward.started', { url }), {
          description: object.name,
          duration: 8000,
          action: { label: t('portforward.show'), onClick: () => navigate('/forwards') },
        });
      },
      // The dialog shows it.
      () => undefined,
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('portforward.dialog', { name: object.name })}
      description={t('portforward.dialogText')}
      footer={
        <>
          <Button onClick={onClose}>{t('portforward.cancel')}</Button>
          <Button variant="primary" busy={starting.pending} disabled={!valid} onClick={begin}>
            {t('portforward.begin')}
          </Button>
        </>
      }
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        {ports.loading && ports.data === undefined && <Skeleton width="60%" />}
        {(ports.data !== undefined || ports.error !== undefined) && (
          <Field label={t('portforward.port')}>
            <Select
              value={choice}
              onChange={setChosen}
              options={[
                ...offered.map((each) => ({
                  value: String(each.port),
                  label: each.name === '' ? String(each.port) : `${each.port} (${each.name})`,
                })),
                { value: other, label: t('portforward.otherPort') },
              ]}
            />
          </Field>
        )}
        {choice === other && (
          <Field label={t('portforward.number')}>
            <TextInput inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} />
          </Field>
        )}
        <Field label={t('portforward.local')} hint={t('portforward.localHint')}>
          <TextInput
            inputMode="numeric"
            placeholder={t('portforward.anyFree')}
            value={local}
            onChange={(event) => setLocal(event.target.value)}
          />
        </Field>
        {starting.error !== undefined && (
          <p className={css.error} role="alert">
            {starting.error.message}. {starting.error.hint}
          </p>
        )}
        <input type="submit" hidden disabled={!valid} />
      </form>
    </Dialog>
  );
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
