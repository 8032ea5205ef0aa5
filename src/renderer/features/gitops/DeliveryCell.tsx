import type { Delivery } from '../../../core/cluster/gitops/contract.ts';
import { href } from '../../app/router.ts';
import { Age, Dot, legible, Name, StatusMark, t } from '../../ui/index.ts';
import css from './gitops.module.css';
import { type Column, deliveryPath, healthTones, shortRevision, sourceText, syncTones } from './model.ts';

/** One cell of the list of deliveries. */
export function DeliveryCell({ delivery, column, color }: { delivery: Delivery; column: Column; color: string }) {
  const { object, sources, destination } = delivery;
  switch (column) {
    case 'name':
      return (
        <a className={css.link} href={href(deliveryPath(object))} tabIndex={-1}>
          <Name>{object.name}</Name>
        </a>
      );
    case 'namespace':
      return <Text>{object.namespace}</Text>;
    case 'cluster':
      return (
        <span className={css.cluster}>
          <Dot color={color} />
          <Text>{delivery.clusterName}</Text>
        </span>
      );
    case 'kind':
      return <Text>{delivery.kind}</Text>;
    case 'sync':
      return (
        <span title={legible(delivery.message)}>
          <SyncMark delivery={delivery} />
        </span>
      );
    case 'health':
      return <HealthMark health={delivery.health} />;
    case 'source':
      return <Text title={sources.map(({ repo }) => repo).join('\n')}>{sources.map(sourceText).join(', ')}</Text>;
    case 'revision':
      return <RevisionText delivery={delivery} />;
    case 'destination':
      // The cluster that it stands in is said beside it.
      return (
        <Text title={[destination.clusterName, destination.namespace, destination.server].filter(Boolean).join('\n')}>
          {[destination.server === '' ? '' : destination.clusterName, destination.namespace]
            .filter(Boolean)
            .join(' / ')}
        </Text>
      );
    case 'updated':
      return <Age at={delivery.updated} />;
  }
}

/** Text that gives way at its end. */
function Text({ children, title }: { children: string; title?: string }) {
  return (
    <span className={css.cell} title={legible(title === undefined || title === '' ? children : title)}>
      {legible(children)}
    </span>
  );
}

/** Suspended stands before everything else: nothing of what follows will change. */
export function SyncMark({ delivery }: { delivery: Delivery }) {
  const { sync, syncText, suspended } = delivery;
  if (suspended)
    return <StatusMark tone={sync === 'failed' ? 'failed' : 'stopped'}>{t('gitops.suspended')}</StatusMark>;
  const word = sync === 'failed' || sync === 'unknown' ? legible(syncText) : t(`gitops.sync.${sync}`);
  if (!suspended) return <StatusMark tone={syncTones[sync]}>{word}</StatusMark>;
  return (
    <StatusMark tone={sync === 'failed' ? 'failed' : 'stopped'}>
      {sync === 'synced' ? t('gitops.suspended') : `${t('gitops.suspended')} · ${word}`}
    </StatusMark>
  );
}

export function HealthMark({ health }: { health: Delivery['health'] }) {
  if (health === 'unchecked')
    return (
      <span className={css.dim} title={t('gitops.uncheckedText')}>
        {t('gitops.health.unchecked')}
      </span>
    );
  return <StatusMark tone={healthTones[health]}>{t(`gitops.health.${health}`)}</StatusMark>;
}

/** What is deployed, and what was asked for where that says more. */
function RevisionText({ delivery: { sources, version } }: { delivery: Delivery }) {
  const [source] = sources;
  if (source === undefined) return null;
  const deployed = shortRevision(source.deployed);
  const main = version === '' || version === deployed ? deployed : version;
  const beside = [version !== '' && version !== deployed ? deployed : '', source.wanted].filter(Boolean);
  return (
    <span className={css.cell} title={[source.wanted, source.deployed, source.pending].filter(Boolean).join('\n')}>
      {legible(main)}{' '}
      <span className={css.dim}>{legible([...new Set(beside)].filter((each) => each !== main).join(' · '))}</span>
      {source.pending !== '' && <span className={css.pending}> → {legible(shortRevision(source.pending))}</span>}
    </span>
  );
}
