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
      return <>{object.namespace}</>;
    case 'cluster':
      return (
        <span className={css.cluster}>
          <Dot color={color} />
          {delivery.clusterName}
        </span>
      );
    case 'kind':
      return <>{delivery.kind}</>;
    case 'sync':
      return (
        <span title={legible(delivery.message)}>
          <SyncMark delivery={delivery} />
        </span>
      );
    case 'health':
      return <HealthMark health={delivery.health} />;
    case 'source':
      return (
        <span title={sources.map(({ repo }) => repo).join('\n')}>{legible(sources.map(sourceText).join(', '))}</span>
      );
    case 'revision':
      return <RevisionText delivery={delivery} />;
    case 'destination':
      return (
        <span title={destination.server}>
          {legible([destination.clusterName, destination.namespace].filter(Boolean).join(' / '))}
        </span>
      );
    case 'updated':
      return <Age at={delivery.updated} />;
  }
}

/** Suspended stands before everything else: nothing of what follows will change. */
export function SyncMark({ delivery }: { delivery: Delivery }) {
  const { sync, syncText, suspended } = delivery;
  if (suspended)
    return <StatusMark tone={sync === 'failed' ? 'failed' : 'stopped'}>{t('gitops.suspended')}</StatusMark>;
  const known = {
    synced: t('gitops.sync.synced'),
    outOfSync: t('gitops.sync.outOfSync'),
    syncing: t('gitops.sync.syncing'),
  };
  const word = sync === 'failed' || sync === 'unknown' ? legible(syncText) : known[sync];
  return <StatusMark tone={syncTones[sync]}>{word}</StatusMark>;
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
    <span title={[source.wanted, source.deployed, source.pending].filter(Boolean).join('\n')}>
      {legible(main)}{' '}
      <span className={css.dim}>{legible([...new Set(beside)].filter((each) => each !== main).join(' · '))}</span>
      {source.pending !== '' && <span className={css.pending}> → {legible(shortRevision(source.pending))}</span>}
    </span>
  );
}
