import { useMemo } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { useLive } from '../../../client/index.ts';
import {
  Age,
  EmptyState,
  ErrorState,
  formatCount,
  legible,
  Skeleton,
  ToneShape,
  t,
  useDelayed,
} from '../../../ui/index.ts';
import css from './detail.module.css';
import { groupEvents } from './events.ts';

export function EventsTab({ object }: { object: ObjectRef }) {
  const input = useMemo(
    () => ({
      object: { cluster: object.cluster, kind: object.kind, namespace: object.namespace, name: object.name },
      limit: 200,
    }),
    [object.cluster, object.kind, object.namespace, object.name],
  );
  const { head, rows, state, error, stale, retry } = useLive((client) => client.resources.events, input);
  const groups = useMemo(() => groupEvents(stale ? [] : rows), [rows, stale]);
  const waiting = useDelayed(head === undefined && error === undefined);
  if (error !== undefined) {
    return <ErrorState compact title={t('resources.eventsTab.theEventsCouldNotBe')} error={error} onRetry={retry} />;
  }
  if (head === undefined || state === 'waiting') {
    return waiting ? (
      <div className={css.pad}>
        {[70, 50, 62].map((width) => (
          <p key={width} className={css.bone}>
            <Skeleton width={`${width}%`} />
          </p>
        ))}
      </div>
    ) : null;
  }
  const forbidden = head.scopes.find((scope) => scope.state === 'forbidden');
  if (groups.length === 0) {
    return forbidden === undefined ? (
      <EmptyState compact title={t('resources.eventsTab.noEvents')}>
        {t('resources.eventsTab.clustersKeepEventsForAn')}
      </EmptyState>
    ) : (
      <EmptyState compact title={t('resources.eventsTab.youMayNotListEvents')}>
        {forbidden.reason}
      </EmptyState>
    );
  }
  return (
    <ol className={css.events}>
      {groups.map((event) => (
        <li key={event.key} className={css.event}>
          <ToneShape tone={event.type === 'Normal' ? 'stopped' : 'warning'} />
          <div className={css.eventBody}>
            <p className={css.eventHead}>
              <b>{legible(event.reason)}</b>
              {event.type !== 'Normal' && <span className="hidden-text">{legible(event.type)}</span>}
              {event.count > 1 && (
                <span className={css.eventCount} title={t('resources.eventsTab.howOften')}>
                  ×{formatCount(event.count)}
                </span>
              )}
              <span className={css.dim}>{legible(event.source)}</span>
              <span className={css.eventAge}>
                <Age at={event.last} />
                {event.count > 1 && event.first < event.last && (
                  <span className={css.dim}>
                    {' '}
                    {t('resources.eventsTab.over')} <Age at={event.first} />
                  </span>
                )}
              </span>
            </p>
            <p className={css.eventText}>{legible(event.message)}</p>
          </div>
        </li>
      ))}
      {head.total > rows.length && (
        <li className={css.note}>
          {t('resources.eventsTab.theNewest')} {rows.length} {t('resources.eventsTab.of')} {formatCount(head.total)}{' '}
          {t('resources.eventsTab.events')}
        </li>
      )}
    </ol>
  );
}
