import type { Revision } from '../../../core/cluster/helm/contract.ts';
import { setParams } from '../../app/router.ts';
import { Age, Button, StatusMark, t } from '../../ui/index.ts';
import css from './helm.module.css';
import { toneOf } from './model.ts';

/** All revisions that helm keeps, newest first. */
export function HistoryTab(props: {
  history: readonly Revision[];
  current: number;
  /** Absent: it cannot be done. */
  onRollback: ((revision: number) => void) | undefined;
}) {
  const { history, current, onRollback } = props;
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col" className={css.number}>
            {t('helm.column.revision')}
          </th>
          <th scope="col">{t('helm.column.status')}</th>
          <th scope="col">{t('helm.column.chart')}</th>
          <th scope="col">{t('helm.column.appVersion')}</th>
          <th scope="col">{t('helm.description')}</th>
          <th scope="col" className={css.number}>
            {t('helm.column.updated')}
          </th>
          <th scope="col">
            <span className="hidden-text">{t('helm.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {history.map((revision) => (
          <tr key={revision.revision}>
            <td className={css.number}>{revision.revision}</td>
            <td>
              <StatusMark tone={toneOf(revision.status)}>{revision.status}</StatusMark>
            </td>
            <td>
              {revision.chart} <span className={css.dim}>{revision.chartVersion}</span>
            </td>
            <td>{revision.appVersion}</td>
            <td>{revision.problem ?? revision.description}</td>
            <td className={css.number}>
              <Age at={revision.updated} />
            </td>
            <td className={css.actions}>
              {revision.revision !== current && (
                <>
                  <Button
                    size="s"
                    variant="quiet"
                    onClick={() => setParams({ tab: 'diff', from: String(revision.revision), to: String(current) })}
                  >
                    {t('helm.compare')}
                  </Button>
                  {onRollback !== undefined && (
                    <Button size="s" variant="quiet" onClick={() => onRollback(revision.revision)}>
                      {t('helm.operation.rollback')}…
                    </Button>
                  )}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
