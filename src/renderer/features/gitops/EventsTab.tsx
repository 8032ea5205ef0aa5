import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useLive } from '../../client/index.ts';
import { Age, EmptyState, ErrorState, legible, StatusMark, t } from '../../ui/index.ts';
import { Bones } from './Frame.tsx';
import css from './gitops.module.css';

/** What the engine's controllers told of a delivery, newest first. */
export function EventsTab({ object }: { object: ObjectRef }) {
  const { rows, head, error, retry } = useLive((client) => client.resources.events, { object, limit: 200 });
  if (error !== undefined) return <ErrorState compact title={t('gitops.eventsFailed')} error={error} onRetry={retry} />;
  if (head === undefined) return <Bones />;
  if (rows.length === 0) {
    const forbidden = head.scopes.find((scope) => scope.state === 'forbidden');
    return (
      <EmptyState compact title={t('gitops.noEvents')}>
        {forbidden?.reason ?? t('gitops.noEventsText')}
      </EmptyState>
    );
  }
  return (
    <table className={css.table}>
      <tbody>
        {rows.map((event) => (
          <tr key={event.key}>
            <td>
              <StatusMark tone={event.type === 'Normal' ? 'stopped' : 'warning'}>{legible(event.reason)}</StatusMark>
            </td>
            <td>{legible(event.message)}</td>
            <td className={css.dim}>{legible(event.source)}</td>
            <td className={css.number}>{event.count > 1 && `×${event.count}`}</td>
            <td className={css.number}>
              <Age at={event.last} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
