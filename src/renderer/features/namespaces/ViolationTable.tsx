import type { LabelRule, Violation } from '../../../core/cluster/labels/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { Dot, legible, Name, t } from '../../ui/index.ts';
import shared from './namespaces.module.css';

/** Objects that break a rule, to be chosen from. */
export function ViolationTable(props: {
  rows: readonly Violation[];
  rules: readonly LabelRule[];
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
}) {
  const { rows, rules, chosen, onChoose } = props;
  const { byId } = useClusters();
  const titles = new Map(rules.map(({ key, title }) => [key, title]));
  const all = rows.length > 0 && rows.every(({ key }) => chosen.has(key));
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose(next);
  };
  return (
    <div className={shared.wide}>
      <table className={shared.table}>
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label={t('labels.chooseAll')}
                checked={all}
                onChange={() => onChoose(all ? new Set() : new Set(rows.map(({ key }) => key)))}
              />
            </th>
            {(['kind', 'name', 'namespace', 'cluster', 'problem', 'source'] as const).map((id) => (
              <th key={id} scope="col">
                {t(`labels.column.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, object, kindName, clusterName, label, problem, value, owner, source, rule }) => (
            <tr key={key}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t('labels.choose', { name: object.name })}
                  checked={chosen.has(key)}
                  onChange={() => toggle(key)}
                />
              </td>
              <td>{kindName}</td>
              <td>
                <a
                  className={shared.link}
                  href={href(
                    pathOf('/objects/:cluster/:kind/:namespace/:name', {
                      ...object,
                      namespace: object.namespace || '-',
                    }),
                  )}
                >
                  <Name>{object.name}</Name>
                </a>
                {owner !== '' && <span className={shared.dim}> {t('labels.madeBy', { owner: legible(owner) })}</span>}
              </td>
              <td>{legible(object.namespace) || '–'}</td>
              <td>
                <span className={shared.cluster}>
                  <Dot color={byId.get(object.cluster)?.color ?? ''} />
                  {legible(clusterName)}
                </span>
              </td>
              <td title={titles.get(rule)}>
                {problem === 'missing'
                  ? t('labels.missing', { label })
                  : t('labels.notAllowed', { label, value: legible(value) || '""' })}
              </td>
              <td>{source === null ? <span className={shared.dim}>–</span> : t(`labels.source.${source}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
