import type { ReleaseName, Revision } from '../../../core/cluster/helm/contract.ts';
import { setParams, useLocation } from '../../app/router.ts';
import { useQuery } from '../../client/index.ts';
import { ErrorState, Field, Select, Skeleton, t, useDelayed } from '../../ui/index.ts';
import { DiffView } from './DiffView.tsx';
import css from './helm.module.css';

/** What differs between any two revisions. */
export function DiffTab(props: { name: ReleaseName; history: readonly Revision[]; reveal: boolean }) {
  const { name, history, reveal } = props;
  const { params } = useLocation();
  const [newest, second] = history;
  const from = Number(params.from ?? second?.revision ?? 0);
  const to = Number(params.to ?? newest?.revision ?? 0);
  const { data, error, reload } = useQuery(
    (client) => client.helm.diff,
    from === 0 || from === to ? null : { ...name, from, to, reveal },
  );
  const waiting = useDelayed(data === undefined && error === undefined && from !== 0 && from !== to);
  if (second === undefined) return <p className={css.dim}>{t('helm.diff.onlyOne')}</p>;
  const options = history.map(({ revision, status, chartVersion }) => ({
    value: String(revision),
    label: `${revision} · ${status} · ${chartVersion}`,
  }));
  return (
    <div className={css.body}>
      <div className={css.pair}>
        <Field label={t('helm.diff.from')}>
          <Select options={options} value={String(from)} onChange={(value) => setParams({ from: value })} />
        </Field>
        <Field label={t('helm.diff.to')}>
          <Select options={options} value={String(to)} onChange={(value) => setParams({ to: value })} />
        </Field>
      </div>
      {waiting && <Skeleton width="52%" />}
      {error !== undefined && <ErrorState compact title={t('helm.diff.failed')} error={error} onRetry={reload} />}
      {from === to && <p className={css.dim}>{t('helm.diff.same')}</p>}
      {data !== undefined && from !== to && <DiffView diff={data} />}
    </div>
  );
}
