import { useEffect, useRef } from 'react';
import type { ReleaseName, ReleaseObject } from '../../../core/cluster/helm/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { useQuery } from '../../client/index.ts';
import { Button, ChangeTable, ErrorState, Name, Skeleton, StatusMark, Strip, t, useDelayed } from '../../ui/index.ts';
import css from './helm.module.css';

/** The objects of the manifest as they are in the cluster, and where somebody has changed them. */
export function ResourcesTab({ name, revision }: { name: ReleaseName; revision: number }) {
  const { data, error, loading, reload } = useQuery((client) => client.helm.objects, name);
  const waiting = useDelayed(data === undefined && error === undefined);
  const shown = useRef(revision);
  useEffect(() => {
    if (shown.current === revision) return;
    shown.current = revision;
    reload();
  }, [revision, reload]);
  if (error !== undefined && data === undefined) {
    return <ErrorState compact title={t('helm.objectsFailed')} error={error} onRetry={reload} />;
  }
  if (data === undefined) return waiting ? <Skeleton width="60%" /> : null;
  const { objects } = data;
  const drifted = objects.filter(({ state, drift }) => state === 'missing' || drift.length > 0);
  const byFields = objects.some(({ judgedBy }) => judgedBy === 'fields');
  if (objects.length === 0) return <p className={css.dim}>{t('helm.noObjects')}</p>;
  return (
    <div className={css.body} aria-busy={loading}>
      <Strip
        tone={drifted.length === 0 ? 'progressing' : 'warning'}
        actions={
          <Button size="s" busy={loading} onClick={reload}>
            {t('helm.refresh')}
          </Button>
        }
      >
        {drifted.length === 0 ? t('helm.noDrift') : t('helm.drifted', { count: drifted.length })}{' '}
        {byFields && t('helm.byFields')}
      </Strip>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('helm.column.kind')}</th>
            <th scope="col">{t('helm.column.name')}</th>
            <th scope="col">{t('helm.column.status')}</th>
            <th scope="col">{t('helm.column.drift')}</th>
          </tr>
        </thead>
        <tbody>
          {objects.map((each) => (
            <Line key={`${each.apiVersion}/${each.kind}/${each.namespace}/${each.name}`} each={each} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ each }: { each: ReleaseObject }) {
  const { object } = each;
  return (
    <tr>
      <td title={each.apiVersion}>{each.kind}</td>
      <td>
        {object === undefined || each.state === 'missing' ? (
          <Name>{each.name}</Name>
        ) : (
          <a
            className={css.link}
            href={href(
              pathOf('/objects/:cluster/:kind/:namespace/:name', { ...object, namespace: object.namespace || '-' }),
            )}
          >
            <Name>{each.name}</Name>
          </a>
        )}
      </td>
      <td>
        <StatusMark tone={each.tone}>
          {each.state === 'present' ? each.status : t(`helm.state.${each.state}`)}
        </StatusMark>
      </td>
      <td>
        {each.drift.length > 0 && <ChangeTable changes={each.drift} />}
        {each.drift.length === 0 && each.state === 'present' && <span className={css.dim}>{t('helm.asWritten')}</span>}
        {each.state !== 'present' && <span className={css.dim}>{each.message}</span>}
      </td>
    </tr>
  );
}
