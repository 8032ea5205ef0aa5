import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { toError, useCommand, useQuery } from '../../client/index.ts';
import { Button, classes, Dialog, ErrorState, Field, Switch, TextInput, t } from '../../ui/index.ts';
import { Setting } from './Setting.tsx';
import styles from './settings.module.css';

/** What is asked for. */
type Asked = 'protect' | 'change' | 'unlock' | 'unprotect' | 'discard';

/** The shortest passphrase that is taken. */
const shortest = 8;

/** How pasted kubeconfigs are kept, and the passphrase where there is no keyring. */
export function Protection({ onChange }: { onChange(): void }) {
  const { data, error, reload } = useQuery((client) => client.fleet.protection, {});
  const [asked, setAsked] = useState<Asked>();
  if (data === undefined) {
    return error === undefined ? null : (
      <ErrorState compact title={t('settings.protection.failed')} error={error} onRetry={reload} />
    );
  }
  const state = data.locked ? 'locked' : data.by;
  const choices: Record<typeof state, Asked[]> = {
    keyring: [],
    nothing: ['protect'],
    passphrase: ['change', 'unprotect'],
    locked: ['unlock', 'discard'],
  };
  return (
    <div className={classes(styles.list, styles.after)}>
      <Setting label={t('settings.protection.title')} hint={t(`settings.protection.state.${state}`)}>
        {choices[state].map((choice) => (
          <Button key={choice} onClick={() => setAsked(choice)}>
            {t(`settings.protection.${choice}.open`)}
          </Button>
        ))}
      </Setting>
      {asked !== undefined && (
        <ProtectionDialog
          asked={asked}
          onClose={(done) => {
            setAsked(undefined);
            if (!done) return;
            reload();
            onChange();
          }}
        />
      )}
    </div>
  );
}

function ProtectionDialog({ asked, onClose }: { asked: Asked; onClose(done: boolean): void }) {
  const [protect] = useCommand((client) => client.fleet.protect);
  const [unlock] = useCommand((client) => client.fleet.unlock);
  const [unprotect] = useCommand((client) => client.fleet.unprotect);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const form = useId();
  const chosen = asked === 'protect' || asked === 'change';
  const wanted = chosen || asked === 'unlock';
  const differs = chosen && again !== '' && again !== passphrase;
  const ready = chosen
    ? passphrase.length >= shortest && again === passphrase
    : asked === 'unlock'
      ? passphrase !== ''
      : asked === 'unprotect' || sure;
  const act = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      if (chosen) await protect({ passphrase });
      else if (asked === 'unlock') await unlock({ passphrase });
      else await unprotect({ discard: asked === 'discard' });
      toast(t(`settings.protection.${asked}.done`));
      onClose(true);
    } catch (thrown) {
      setProblem(toError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose(false)}
      title={t(`settings.protection.${asked}.title`)}
      description={t(`settings.protection.${asked}.text`)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('settings.protection.cancel')}</Button>
          <Button
            type="submit"
            form={form}
            variant={asked === 'discard' ? 'danger' : 'primary'}
            disabled={!ready}
            busy={busy}
          >
            {t(`settings.protection.${asked}.do`)}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.protection} onSubmit={(event) => void act(event)}>
        {wanted && (
          <Field label={t('settings.protection.passphrase')} {...(chosen && { hint: t('settings.protection.hint') })}>
            <TextInput
              type="password"
              autoComplete={chosen ? 'new-password' : 'current-password'}
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          </Field>
        )}
        {chosen && (
          <Field label={t('settings.protection.again')} error={differs ? t('settings.protection.differs') : undefined}>
            <TextInput
              type="password"
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.target.value)}
            />
          </Field>
        )}
        {asked === 'discard' && (
          <Switch checked={sure} onChange={setSure} label={t('settings.protection.discard.sure')} />
        )}
        {problem !== undefined && <ErrorState compact title={t('settings.protection.refused')} error={problem} />}
      </form>
    </Dialog>
  );
}
