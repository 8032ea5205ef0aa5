import type { Report } from '../../../core/cluster/upgrades/contract.ts';
import { legible, StatusMark, t } from '../../ui/index.ts';
import { minorText, verdictTones } from './model.ts';
import css from './upgrades.module.css';

/** Recognised add-ons, and whether their projects say that they work with the target. */
export function AddonsTab({ report }: { report: Report }) {
  if (report.addons.length === 0) return <p className={css.dim}>{t('upgrades.noAddons')}</p>;
  return (
    <div className={css.body}>
      <div className={css.wide}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('upgrades.column.addon')}</th>
              <th scope="col">{t('upgrades.column.version')}</th>
              <th scope="col">{t('upgrades.column.supports')}</th>
              <th scope="col">{t('upgrades.withMinor', { version: minorText(report.target) })}</th>
              <th scope="col">{t('upgrades.column.advice')}</th>
              <th scope="col">{t('upgrades.column.source')}</th>
            </tr>
          </thead>
          <tbody>
            {report.addons.map(({ key, name, version, supports, verdict, advice, source, images }) => (
              <tr key={key} title={images.map(legible).join('\n')}>
                <td className={css.whole}>{name}</td>
                <td className={css.mono}>{version === '' ? t('upgrades.unknown') : legible(version)}</td>
                <td className={css.whole}>{supports || t('upgrades.unknown')}</td>
                <td>
                  <StatusMark tone={verdictTones[verdict]}>{t(`upgrades.verdict.${verdict}`)}</StatusMark>
                </td>
                <td>{advice}</td>
                <td className={css.dim}>
                  {source !== undefined && (
                    <>
                      <a className={css.link} href={source.url} target="_blank" rel="noreferrer">
                        {source.title}
                      </a>
                      , {source.date}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={css.dim}>{t('upgrades.addonText')}</p>
    </div>
  );
}
