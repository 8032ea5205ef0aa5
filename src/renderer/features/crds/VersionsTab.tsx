import { useMemo, useState } from 'react';
import type { DefinitionDetail } from '../../../core/cluster/crds/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { useLive, useQuery } from '../../client/index.ts';
import { ErrorState, legible, Select, Switch, t } from '../../ui/index.ts';
import css from './crds.module.css';
import { Versions } from './DefinitionsPage.tsx';
import { differencesOf } from './fields.ts';
import { setOf } from './useKindDocs.ts';

const mostShown = 500;

/** What is served and stored where, and how two versions, or those of two clusters, differ. */
export function VersionsTab({ cluster, id, detail }: { cluster: string; id: string; detail: DefinitionDetail }) {
  const { byId } = useClusters();
  const { rows } = useLive((client) => client.crds.definitions, {});
  const definition = rows.find(({ key }) => key === id) ?? detail.definition;
  const places = definition.clusters.flatMap((there) =>
    there.versions.map(({ name }) => ({
      value: JSON.stringify([there.cluster, name]),
      label: definition.clusters.length > 1 ? `${byId.get(there.cluster)?.name ?? there.cluster} · ${name}` : name,
    })),
  );
  const own = detail.definition.clusters[0];
  const [left, setLeft] = useState(JSON.stringify([cluster, own?.versions[1]?.name ?? own?.versions[0]?.name]));
  const [right, setRight] = useState<string>();
  const [words, setWords] = useState(false);
  // Another cluster with another one of it is the more telling side.
  const other = definition.clusters.find(
    (there) => there.cluster !== cluster && there.versions[0]?.hash !== own?.versions[0]?.hash,
  );
  const standard =
    own !== undefined && own.versions.length > 1
      ? JSON.stringify([cluster, own.versions[0]?.name])
      : JSON.stringify([other?.cluster ?? cluster, other?.versions[0]?.name ?? own?.versions[0]?.name]);
  return (
    <div className={css.definition}>
      <table className={css.table}>
        <thead>
          <tr>
            {['cluster', 'versions', 'stored', 'conversion', 'instances'].map((each) => (
              <th key={each} scope="col">
                {t(`crds.column.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {definition.clusters.map((there) => (
            <tr key={there.cluster}>
              <td>{byId.get(there.cluster)?.name ?? there.cluster}</td>
              <td>
                <Versions there={there} />
              </td>
              <td>{there.stored.join(', ')}</td>
              <td>{there.conversion === 'Webhook' ? t('crds.webhook') : t('crds.noConversion')}</td>
              <td>{there.instances ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2 className={css.subtitle}>{t('crds.differences')}</h2>
      {places.length < 2 ? (
        <p className={css.dim}>{t('crds.oneVersion')}</p>
      ) : (
        <>
          <div className={css.sides}>
            <Select
              aria-label={t('crds.before')}
              className={css.side}
              value={left}
              options={places}
              onChange={setLeft}
            />
            <span aria-hidden>→</span>
            <Select
              aria-label={t('crds.after')}
              className={css.side}
              value={right ?? standard}
              options={places}
              onChange={setRight}
            />
            <span className={css.switch}>
              <Switch label={t('crds.withWords')} checked={words} onChange={setWords} />
              {t('crds.withWords')}
            </span>
          </div>
          <Compared id={id} left={left} right={right ?? standard} words={words} />
        </>
      )}
    </div>
  );
}

function Compared({ id, left, right, words }: { id: string; left: string; right: string; words: boolean }) {
  const [leftCluster, leftVersion] = JSON.parse(left) as [string, string];
  const [rightCluster, rightVersion] = JSON.parse(right) as [string, string];
  const before = useQuery((client) => client.crds.definition, { cluster: leftCluster, name: id });
  const after = useQuery((client) => client.crds.definition, { cluster: rightCluster, name: id });
  const differences = useMemo(() => {
    if (before.data === undefined || after.data === undefined || before.previous || after.previous) return undefined;
    const none = { root: 'kind', schemas: {} };
    return differencesOf(setOf(before.data, leftVersion) ?? none, setOf(after.data, rightVersion) ?? none);
  }, [before.data, before.previous, after.data, after.previous, leftVersion, rightVersion]);
  const error = before.error ?? after.error;
  if (error !== undefined) return <ErrorState compact title={t('crds.notCompared')} error={error} />;
  if (differences === undefined) return <p className={css.dim}>{t('crds.comparing')}</p>;
  const shown = words
    ? differences
    : differences.filter(
        ({ change, details }) => change !== 'changed' || details.some((each) => each !== 'description'),
      );
  if (shown.length === 0) {
    return <p className={css.dim}>{t(differences.length === 0 ? 'crds.noDifference' : 'crds.onlyWords')}</p>;
  }
  return (
    <>
      <p className={css.dim}>{t('crds.differenceCount', { count: shown.length })}</p>
      <table className={css.table}>
        <tbody>
          {shown.slice(0, mostShown).map(({ path, change, details }) => (
            <tr key={path} data-change={change} className={css.change}>
              <td>{t(`crds.change.${change}`)}</td>
              <td className={css.mono}>{path}</td>
              <td>
                {details
                  .filter((each) => words || each !== 'description')
                  .map((each) => (
                    <div key={each}>{each === 'description' ? t('crds.otherWords') : legible(each)}</div>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > mostShown && <p className={css.dim}>{t('crds.more', { count: shown.length - mostShown })}</p>}
    </>
  );
}
