import { useMemo } from 'react';
import type { ColumnInfo, ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { useQuery } from '../../../client/index.ts';
import { Age, EmptyState, ErrorState, Skeleton, StatusMark, t, useDelayed } from '../../../ui/index.ts';
import css from './detail.module.css';

/** Versions of the object as the lists showed it, newest first. */
export function HistoryTab({ object, columns }: { object: ObjectRef; columns: readonly ColumnInfo[] }) {
  const input = useMemo(
    () => ({
      object: { cluster: object.cluster, kind: object.kind, namespace: object.namespace, name: object.name },
      limit: 200,
    }),
    [object.cluster, object.kind, object.namespace, object.name],
  );
  const { data, error, previous, reload } = useQuery((client) => client.history.object, input);
  const waiting = useDelayed(data === undefined && error === undefined);
  if (error !== undefined) {
    return <ErrorState compact title={t('resources.historyTab.theHistoryCouldNotBe')} error={error} onRetry={reload} />;
  }
  if (data === undefined || previous) {
    return waiting ? (
      <div className={css.pad}>
        <Skeleton width="60%" />
      </div>
    ) : null;
  }
  if (data.versions.length === 0) {
    return (
      <EmptyState compact title={t('resources.historyTab.noHistoryYet')}>
        {t('resources.historyTab.versionsAreKeptFromWhen')}
      </EmptyState>
    );
  }
  const titles = new Map(columns.map((column) => [column.id, column.title]));
  return (
    <ol className={css.timeline}>
      {data.versions.map((version) => (
        <li key={version.validFrom} className={css.version}>
          <div className={css.versionHead}>
            <StatusMark tone={version.change === 'deleted' ? 'stopped' : version.tone}>
              {version.change === 'deleted' ? t('resources.historyTab.deleted') : version.status || undefined}
            </StatusMark>
            {version.change === 'added' && <span className={css.dim}>{t('resources.historyTab.added')}</span>}
            <span className={css.eventAge}>
              <Age ahead={0} at={version.validFrom} suffix={t('resources.historyTab.ago')} />
            </span>
          </div>
          {version.changed.length > 0 && (
            <ul className={css.changed}>
              {version.changed.map((change) => (
                <li key={change.column}>
                  <span className={css.dim}>{titles.get(change.column) ?? change.column}</span>{' '}
                  {change.before !== null && change.before !== '' && <del>{short(change.before)}</del>}
                  {change.before !== null &&
                    change.before !== '' &&
                    change.after !== null &&
                    change.after !== '' &&
                    ' → '}
                  {change.after !== null && change.after !== '' && <ins>{short(change.after)}</ins>}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
      {data.truncated && <li className={css.note}>{t('resources.historyTab.olderVersionsAreNotShown')}</li>}
    </ol>
  );
}

function short(text: string): string {
  const line = text.replaceAll('\n', ', ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
