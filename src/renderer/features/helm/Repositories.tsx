import { RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { toError, useClient, useCommand, useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  Dialog,
  ErrorState,
  Field,
  IconButton,
  legible,
  Segments,
  Skeleton,
  TextInput,
  t,
} from '../../ui/index.ts';
import css from './helm.module.css';

/** Helm's own list of repositories, and what can be done with it. */
export function Repositories({ onClose }: { onClose(): void }) {
  const client = useClient();
  const { data, error, reload } = useQuery((c) => c.helm.repositories, {});
  const [update, updating] = useCommand((c) => c.helm.updateRepositories);
  const [asked, setAsked] = useState<string>();
  const failed = (title: string) => (thrown: unknown) => {
    const { message, hint } = toError(thrown);
    toast.error(title, { description: [message, hint].filter(Boolean).join(' ') });
  };
  const read = (names: string[]) =>
    update({ names }).then(
      () => {
        toast.success(t('helm.repositories.updated'));
        reload();
      },
      failed(t('helm.repositories.updateFailed')),
    );
  const remove = (name: string) => {
    setAsked(undefined);
    client.helm.removeRepository({ name }).then(reload, failed(t('helm.repositories.removeFailed', { name })));
  };
  const repositories = data?.repositories ?? [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={t('helm.repositories.title')}
      description={t('helm.repositories.text')}
      footer={
        <>
          {repositories.length > 0 && (
            <Button icon={RefreshCw} busy={updating.pending} onClick={() => void read([])}>
              {t('helm.repositories.updateAll')}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {t('helm.close')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {error !== undefined && (
          <ErrorState compact title={t('helm.repositories.failed')} error={error} onRetry={reload} />
        )}
        {data === undefined && error === undefined && <Skeleton width="60%" />}
        {repositories.length > 0 && (
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('helm.column.name')}</th>
                <th scope="col">{t('helm.repositories.address')}</th>
                <th scope="col" className={css.number}>
                  {t('helm.repositories.read')}
                </th>
                <th scope="col">
                  <span className="hidden-text">{t('helm.column.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {repositories.map(({ name, url, updatedAt }) => (
                <tr key={name}>
                  <td className={css.nowrap}>{legible(name)}</td>
                  <td>{legible(url)}</td>
                  <td className={css.number}>
                    {updatedAt === null ? t('helm.repositories.never') : <Age at={updatedAt} />}
                  </td>
                  <td className={css.actions}>
                    {asked === name ? (
                      <>
                        <Button size="s" variant="quiet" onClick={() => setAsked(undefined)}>
                          {t('helm.cancel')}
                        </Button>
                        <Button size="s" variant="danger" autoFocus onClick={() => remove(name)}>
                          {t('helm.repositories.remove')}
                        </Button>
                      </>
                    ) : (
                      <>
                        <IconButton
                          size="s"
                          icon={RefreshCw}
                          label={t('helm.repositories.update', { name })}
                          disabled={updating.pending}
                          onClick={() => void read([name])}
                        />
                        <IconButton
                          size="s"
                          icon={Trash2}
                          label={t('helm.repositories.removeNamed', { name })}
                          onClick={() => setAsked(name)}
                        />
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <AddForm onAdded={reload} />
      </div>
    </Dialog>
  );
}

const nothing = { name: '', url: '', host: '', user: '', password: '' };

/** Adds a repository, or a name and a password for a registry. */
function AddForm({ onAdded }: { onAdded(): void }) {
  const [kind, setKind] = useState<'repository' | 'registry'>('repository');
  const [draft, setDraft] = useState(nothing);
  const [add, adding] = useCommand((client) => client.helm.addRepository);
  const [login, loggingIn] = useCommand((client) => client.helm.loginRegistry);
  const isRepository = kind === 'repository';
  const { pending, error } = isRepository ? adding : loggingIn;
  const ready = isRepository
    ? draft.name !== '' && draft.url !== ''
    : draft.host !== '' && draft.user !== '' && draft.password !== '';
  const field = (id: keyof typeof nothing, more: { type?: string; placeholder?: string } = {}) => (
    <Field label={t(`helm.repositories.field.${id}`)}>
      <TextInput
        {...more}
        value={draft[id]}
        onChange={(event) => {
          const { value } = event.target;
          setDraft((before) => ({ ...before, [id]: value }));
        }}
      />
    </Field>
  );
  const submit = () => {
    if (!ready || pending) return;
    const { name, url, host, user, password } = draft;
    const done = isRepository ? add({ name, url: url.trim(), user, password }) : login({ host, user, password });
    done.then(
      () => {
        setDraft(nothing);
        toast.success(t(isRepository ? 'helm.repositories.added' : 'helm.repositories.loggedIn', { name, host }));
        onAdded();
      },
      () => undefined,
    );
  };
  return (
    <form
      className={css.add}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Segments
        label={t('helm.repositories.what')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'repository', label: t('helm.repositories.add') },
          { value: 'registry', label: t('helm.repositories.login') },
        ]}
      />
      <div className={css.pair}>
        {isRepository ? field('name', { placeholder: 'bitnami' }) : field('host', { placeholder: 'ghcr.io' })}
        {isRepository && field('url', { placeholder: 'https://charts.example.com' })}
      </div>
      <div className={css.pair}>
        {field('user')}
        {field('password', { type: 'password' })}
      </div>
      <p className={css.dim}>{t(isRepository ? 'helm.repositories.addHint' : 'helm.repositories.loginHint')}</p>
      {error !== undefined && (
        <p className={css.error} role="alert">
          {error.message} {error.hint}
        </p>
      )}
      <div>
        <Button type="submit" busy={pending} disabled={!ready}>
          {t(isRepository ? 'helm.repositories.addNow' : 'helm.repositories.loginNow')}
        </Button>
      </div>
    </form>
  );
}
