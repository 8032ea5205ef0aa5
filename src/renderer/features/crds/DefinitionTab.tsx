import type { DefinitionDetail } from '../../../core/cluster/crds/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { Age, legible, StatusMark, t } from '../../ui/index.ts';
import css from './crds.module.css';

/** The definition as an object: how it fares, its columns, how versions are converted. */
export function DefinitionTab(props: { cluster: string; id: string; version: string; detail: DefinitionDetail }) {
  const { cluster, id, version, detail } = props;
  const { definition, conditions, webhook } = detail;
  const [there] = definition.clusters;
  const shown = detail.versions.find(({ name }) => name === version);
  const facts: [string, string][] = [
    [t('crds.fact.name'), id],
    [t('crds.fact.shortNames'), definition.shortNames.join(', ') || '–'],
    [t('crds.fact.categories'), definition.categories.join(', ') || '–'],
    [t('crds.fact.stored'), there?.stored.join(', ') || '–'],
    [t('crds.fact.conversion'), webhook === undefined ? t('crds.noConversion') : `${t('crds.webhook')}: ${webhook}`],
    [t('crds.fact.subresources'), shown?.subresources.join(', ') || '–'],
    [t('crds.fact.selectable'), shown?.selectableFields.join(', ') || '–'],
  ];
  const object = pathOf('/objects/:cluster/:kind/:namespace/:name', {
    cluster,
    kind: 'customresourcedefinitions.apiextensions.k8s.io',
    namespace: '-',
    name: id,
  });
  return (
    <div className={css.definition}>
      <dl className={css.factList}>
        {facts.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd className={css.mono}>{legible(value)}</dd>
          </div>
        ))}
      </dl>
      <a className={css.link} href={href(object)}>
        {t('crds.openObject')}
      </a>
      <h2 className={css.subtitle}>{t('crds.conditions')}</h2>
      <table className={css.table}>
        <thead>
          <tr>
            {['type', 'reason', 'message', 'since'].map((each) => (
              <th key={each} scope="col">
                {t(`crds.condition.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ type, status, reason, message, at }) => (
            <tr key={type}>
              <td>
                <StatusMark tone={isGood(type, status) ? 'healthy' : 'failed'}>
                  {type}: {status}
                </StatusMark>
              </td>
              <td>{reason}</td>
              <td>{legible(message)}</td>
              <td>{at > 0 && <Age at={at} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2 className={css.subtitle}>{t('crds.columns', { version })}</h2>
      {shown === undefined || shown.columns.length === 0 ? (
        <p className={css.dim}>{t('crds.noColumns')}</p>
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              {['name', 'type', 'jsonPath', 'priority', 'description'].map((each) => (
                <th key={each} scope="col">
                  {t(`crds.printer.${each}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.columns.map(({ name, type, jsonPath, priority, description }) => (
              <tr key={name}>
                <td>{legible(name)}</td>
                <td>{type}</td>
                <td className={css.mono}>{legible(jsonPath)}</td>
                <td>{priority === 0 ? t('crds.printer.always') : t('crds.printer.wide')}</td>
                <td>{legible(description ?? '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function isGood(type: string, status: string): boolean {
  return type === 'NonStructuralSchema' || type === 'Terminating' ? status !== 'True' : status === 'True';
}
