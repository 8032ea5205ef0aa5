import type { ApiUse, Report } from '../../../core/cluster/upgrades/contract.ts';
import { href } from '../../app/router.ts';
import { Age, classes, legible, StatusMark, t } from '../../ui/index.ts';
import { minorText, objectPath, readingTones, severityTones } from './model.ts';
import css from './upgrades.module.css';

/** Which deprecated versions are used, by whom, and where that was seen. */
export function ApiTab({ report }: { report: Report }) {
  const metric = report.readings.find(({ what }) => what.startsWith('Requests'));
  return (
    <div className={css.body}>
      {metric !== undefined && metric.state !== 'read' && (
        <p>
          <StatusMark tone={readingTones[metric.state]}>{t(`upgrades.metric.${metric.state}`)}</StatusMark>{' '}
          <span className={css.dim}>{legible(metric.message)}</span>
        </p>
      )}
      {report.apis.length === 0 && (
        <p>
          <StatusMark tone="healthy">{t('upgrades.noApis')}</StatusMark>
        </p>
      )}
      {report.apis.map((api) => (
        <ApiSection key={api.key} api={api} />
      ))}
      <p className={css.dim}>{t('upgrades.apiText')}</p>
    </div>
  );
}

function ApiSection({ api }: { api: ApiUse }) {
  const { group, version, kind, deprecated, removed, replacement, severity, uses, more } = api;
  const name = `${group === '' ? '' : `${group}/`}${version} ${kind}`;
  // The count names nobody.
  const counted = uses.every(({ via }) => via === 'metric');
  return (
    <section className={css.api} aria-label={name}>
      <h2 className={css.apiHead}>
        <StatusMark tone={severityTones[severity]}>{t(`upgrades.severity.${severity}`)}</StatusMark>
        <span className={css.mono}>{legible(name)}</span>
        <span className={css.dim}>
          {deprecated !== null && t('upgrades.deprecatedIn', { version: minorText(deprecated) })}{' '}
          {removed !== null && t('upgrades.removedIn', { version: minorText(removed) })}
        </span>
        {replacement !== '' && (
          <span className={css.dim}>
            {t('upgrades.useInstead')} <span className={css.mono}>{legible(replacement)}</span>
          </span>
        )}
      </h2>
      {counted ? (
        uses.map(({ text }) => <p key={text}>{legible(text)}</p>)
      ) : (
        <div className={css.wide}>
          <table className={classes(css.table, css.uses)}>
            <thead>
              <tr>
                {(['seen', 'object', 'writer', 'when'] as const).map((id) => (
                  <th key={id} scope="col">
                    {t(`upgrades.column.${id}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {uses.map(({ via, object, text, writer, at }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two uses may read the same, and none moves
                <tr key={index}>
                  <td>{t(`upgrades.via.${via}`)}</td>
                  <td>
                    {object === undefined ? (
                      legible(text)
                    ) : (
                      <a className={css.link} href={href(objectPath(object))}>
                        {legible(text)}
                      </a>
                    )}
                  </td>
                  <td>{legible(writer)}</td>
                  <td>{at === null ? '' : <Age at={at} suffix={t('upgrades.ago')} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more > 0 && <p className={css.dim}>{t('upgrades.more', { count: more })}</p>}
    </section>
  );
}
