import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { toError, useCommand, useQuery } from '../../client/index.ts';
import {
  Button,
  CopyButton,
  classes,
  EmptyState,
  ErrorState,
  IconButton,
  Select,
  Skeleton,
  ToneShape,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { AddSource } from '../fleet/AddSource.tsx';
import { Protection } from './Protection.tsx';
import { Setting } from './Setting.tsx';
import styles from './settings.module.css';

/** Where contexts come from. */
export function Sources() {
  const { data, error, loading, reload } = useQuery((client) => client.fleet.sources, {});
  const [remove] = useCommand((client) => client.fleet.removeSource);
  const [adding, setAdding] = useState(false);
  const waiting = useDelayed(loading && data === undefined);
  const take = async (id: string, path: string) => {
    try {
      await remove({ id });
      toast(t('settings.kubeconfig.removed', { path }));
    } catch (thrown) {
      toast.error(t('settings.kubeconfig.notRemoved'), { description: toError(thrown).message });
    }
    reload();
  };
  return (
    <>
      {error !== undefined && (
        <ErrorState compact title={t('settings.kubeconfig.failed')} error={error} onRetry={reload} />
      )}
      {waiting && <Skeleton height={80} />}
      {data?.sources.length === 0 && <EmptyState compact title={t('settings.kubeconfig.none')} />}
      {data !== undefined && data.sources.length > 0 && (
        <table className={styles.sources}>
          <thead>
            <tr>
              <th scope="col">{t('settings.kubeconfig.kind')}</th>
              <th scope="col">{t('settings.kubeconfig.path')}</th>
              <th scope="col" className={styles.number}>
                {t('settings.kubeconfig.contexts')}
              </th>
              <th scope="col">
                <span className="hidden-text">{t('settings.kubeconfig.remove')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.sources.map((source) => (
              <tr key={source.id}>
                <td>{t(`settings.kubeconfig.kindValue.${source.kind}`)}</td>
                <td>
                  <span className={styles.path}>
                    <code>{source.path}</code>
                    <CopyButton text={source.path} />
                  </span>
                  {source.problem !== undefined && (
                    <p className={styles.problem}>
                      <ToneShape tone="warning" size={8} /> {source.problem}
                    </p>
                  )}
                </td>
                <td className={styles.number}>{source.contexts}</td>
                <td className={styles.number}>
                  {['file', 'folder', 'pasted'].includes(source.kind) && (
                    <IconButton
                      size="s"
                      icon={Trash2}
                      label={t('settings.kubeconfig.removeNamed', { path: source.path })}
                      onClick={() => void take(source.id, source.path)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className={styles.after}>
        <Button icon={Plus} onClick={() => setAdding(true)}>
          {t('fleet.add')}
        </Button>
      </div>
      <Protection onChange={reload} />
      <Lingering />
      <AddSource
        open={adding}
        onOpenChange={(open) => {
          setAdding(open);
          if (!open) reload();
        }}
      />
    </>
  );
}

/** Seconds that can be chosen; another one, written by hand, is shown as it is. */
const lingerChoices = [0, 15, 60, 300, 900, 3600];

/** How long the watch of a list goes on that nobody looks at. */
function Lingering() {
  const { data, error, reload } = useQuery((client) => client.fleet.settings, {});
  const [configure] = useCommand((client) => client.fleet.configure);
  if (data === undefined) {
    return error === undefined ? null : (
      <ErrorState compact title={t('settings.kubeconfig.failed')} error={error} onRetry={reload} />
    );
  }
  const choose = async (seconds: string) => {
    try {
      await configure({ lingerSeconds: Number(seconds) });
    } catch (thrown) {
      toast.error(t('app.notKept'), { description: toError(thrown).message });
    }
    reload();
  };
  const seconds = [...new Set([...lingerChoices, data.lingerSeconds])].sort((a, b) => a - b);
  return (
    <div className={classes(styles.list, styles.after)}>
      <Setting label={t('settings.kubeconfig.linger')} hint={t('settings.kubeconfig.lingerHint')}>
        <Select
          aria-label={t('settings.kubeconfig.linger')}
          value={String(data.lingerSeconds)}
          onChange={(next) => void choose(next)}
          options={seconds.map((value) => ({
            value: String(value),
            label: value === 0 ? t('settings.kubeconfig.lingerNot') : duration(value),
          }))}
        />
      </Setting>
    </div>
  );
}

/** `15 seconds`, `5 minutes` */
function duration(seconds: number): string {
  const unit = seconds % 60 === 0 ? 'minute' : 'second';
  const count = unit === 'minute' ? seconds / 60 : seconds;
  return new Intl.NumberFormat(document.documentElement.lang || 'en', {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(count);
}
