import { useQuery } from '../../client/index.ts';
import {
  Age,
  CopyButton,
  ErrorState,
  formatBytes,
  formatCount,
  Skeleton,
  Strip,
  t,
  useDelayed,
} from '../../ui/index.ts';
import styles from './settings.module.css';

/** Versions, where data is kept, and how much of it. */
export function About() {
  const about = useQuery((client) => client.system.about, {});
  const history = useQuery((client) => client.history.status, {});
  const waiting = useDelayed(about.loading && about.data === undefined);
  if (about.error !== undefined) {
    return <ErrorState compact title={t('settings.about.failed')} error={about.error} onRetry={about.reload} />;
  }
  const data = about.data;
  if (data === undefined) return waiting ? <Skeleton height={120} /> : null;
  const past = history.data;
  const facts: [label: string, value: string][] = [
    [t('settings.about.version'), data.version],
    [t('settings.about.host'), t(`settings.about.hostValue.${data.host}`)],
    [t('settings.about.node'), data.node],
    [t('settings.about.platform'), data.platform],
    [t('settings.about.dataFolder'), data.dataFolder],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {past !== undefined && (
          <div>
            <dt>{t('settings.about.history')}</dt>
            <dd>
              {past.path === null
                ? t('settings.about.historyOff')
                : t('settings.about.historySize', { rows: formatCount(past.rows), size: formatBytes(past.bytes) })}
              {past.oldest !== null && (
                <>
                  {' · '}
                  {t('settings.about.historySince')} <Age at={past.oldest} suffix={t('fleet.ago')} />
                </>
              )}
            </dd>
          </div>
        )}
      </dl>
      {past?.problem !== null && past?.problem !== undefined && <Strip tone="warning">{past.problem}</Strip>}
      <div className={styles.after}>
        <CopyButton
          size="m"
          label={t('settings.about.copy')}
          text={facts.map(([label, value]) => `${label}: ${value}`).join('\n')}
        />
      </div>
    </>
  );
}
