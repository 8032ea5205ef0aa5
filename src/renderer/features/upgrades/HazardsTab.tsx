import { ChevronRight } from 'lucide-react';
import type { Reading, Report } from '../../../core/cluster/upgrades/contract.ts';
import { formatCount, legible, StatusMark, t } from '../../ui/index.ts';
import { Findings } from './Findings.tsx';
import { readingTones } from './model.ts';
import css from './upgrades.module.css';

/** What would go wrong in any upgrade, and what was looked at to say so. */
export function HazardsTab({ report }: { report: Report }) {
  const findings = report.findings.filter(({ area }) => area === 'hazard');
  const whole = report.readings.filter(({ state }) => state === 'read');
  const others = report.readings.filter(({ state }) => state !== 'read');
  return (
    <div className={css.body}>
      {findings.length === 0 ? (
        <p>
          <StatusMark tone="healthy">{t('upgrades.noHazards')}</StatusMark>
        </p>
      ) : (
        <Findings findings={findings} />
      )}
      <h2 className={css.sub}>{t('upgrades.readings')}</h2>
      {others.length > 0 && <Readings readings={others} />}
      <details className={css.read}>
        <summary>
          <ChevronRight className={css.chevron} size={14} aria-hidden />
          <StatusMark tone="healthy">
            {t('upgrades.readWhole', {
              count: whole.length,
              objects: formatCount(whole.reduce((sum, { count }) => sum + count, 0)),
            })}
          </StatusMark>
        </summary>
        <Readings readings={whole} />
      </details>
    </div>
  );
}

function Readings({ readings }: { readings: readonly Reading[] }) {
  return (
    <div className={css.wide}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('upgrades.column.what')}</th>
            <th scope="col">{t('upgrades.column.state')}</th>
            <th scope="col" className={css.number}>
              {t('upgrades.column.count')}
            </th>
            <th scope="col">{t('upgrades.column.message')}</th>
          </tr>
        </thead>
        <tbody>
          {readings.map(({ what, state, count, message }) => (
            <tr key={what}>
              <td>{what}</td>
              <td>
                <StatusMark tone={readingTones[state]}>{t(`upgrades.reading.${state}`)}</StatusMark>
              </td>
              <td className={css.number}>{formatCount(count)}</td>
              <td className={css.dim}>{legible(message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
