import { FolderPlus, Plug } from 'lucide-react';
import { useId, useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { Age, Button, Dot, EmptyState, formatCount, SearchInput, Strip, t } from '../../ui/index.ts';
import { Risks } from './ClusterState.tsx';
import styles from './fleet.module.css';
import { compareClusters, fileRisks, matchesFilter, ownRisks } from './model.ts';
import type { ClusterActions } from './useClusterActions.ts';

export interface FirstRunProps {
  clusters: readonly Cluster[];
  problems: readonly { source: string; message: string; hint?: string | undefined }[];
  actions: ClusterActions;
  onAdd(): void;
}

/** Nothing has ever been contacted: the user chooses what will be. */
export function FirstRun({ clusters, problems, actions, onAdd }: FirstRunProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState('');
  const titleId = useId();
  const shown = clusters.filter((cluster) => matchesFilter(cluster, filter)).sort(compareClusters('name'));
  const allShown = shown.length > 0 && shown.every((cluster) => chosen.has(cluster.key));
  const toggle = (keys: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const key of keys)
      if (on) next.add(key);
      else next.delete(key);
    setChosen(next);
  };
  const trouble = problems.map((problem) => (
    <Strip key={`${problem.source} ${problem.message}`} tone="warning">
      <strong>{problem.source}</strong>: {problem.message} {problem.hint}
    </Strip>
  ));
  if (clusters.length === 0) {
    return (
      <>
        {trouble}
        <EmptyState
          level="h1"
          icon={FolderPlus}
          title={t('fleet.first.noneTitle')}
          actions={
            <Button variant="primary" icon={FolderPlus} onClick={onAdd}>
              {t('fleet.add')}
            </Button>
          }
        >
          <p>{t('fleet.first.noneText')}</p>
          <p className={styles.demoHint}>
            {t('fleet.first.demo')} <code>kubesage demo</code>
          </p>
        </EmptyState>
      </>
    );
  }
  return (
    <div className={styles.first}>
      {trouble}
      <section className={styles.firstBody} aria-labelledby={titleId}>
        <h1 id={titleId}>{t('fleet.first.title', { count: clusters.length })}</h1>
        <p className={styles.firstText}>{t('fleet.first.text')}</p>
        <div className={styles.firstTools}>
          <SearchInput className={styles.filter} label={t('fleet.filter')} value={filter} onChange={setFilter} />
          <Button variant="quiet" icon={FolderPlus} onClick={onAdd}>
            {t('fleet.add')}
          </Button>
        </div>
        {fileRisks(clusters).map(({ source, risks }) => (
          <Strip key={source} tone="warning">
            <strong>{source}</strong>: {risks.join(' ')}
          </Strip>
        ))}
        <table className={styles.firstTable}>
          <thead>
            <tr>
              <th scope="col" className={styles.checkCell}>
                <input
                  type="checkbox"
                  aria-label={t('fleet.first.all')}
                  checked={allShown}
                  onChange={() =>
                    toggle(
                      shown.map((cluster) => cluster.key),
                      !allShown,
                    )
                  }
                />
              </th>
              <th scope="col">{t('fleet.context')}</th>
              <th scope="col">{t('fleet.server')}</th>
              <th scope="col">{t('fleet.origin')}</th>
              <th scope="col">{t('fleet.lastContact')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((cluster) => (
              <tr key={cluster.key}>
                <td className={styles.checkCell}>
                  <input
                    type="checkbox"
                    id={`choose-${cluster.key}`}
                    checked={chosen.has(cluster.key)}
                    onChange={(event) => toggle([cluster.key], event.target.checked)}
                  />
                </td>
                <td>
                  <label htmlFor={`choose-${cluster.key}`} className={styles.firstName}>
                    <Dot color={cluster.color} />
                    {cluster.name}
                  </label>
                  <Risks risks={ownRisks(cluster)} />
                </td>
                <td className={styles.serverCell}>{cluster.server}</td>
                <td className={styles.serverCell}>{cluster.source}</td>
                <td className={styles.dim}>
                  {cluster.lastLive === null ? t('fleet.never') : <Age at={cluster.lastLive} suffix={t('fleet.ago')} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className={styles.dim}>{t('ui.nothingMatches')}</p>}
        <footer className={styles.firstFoot}>
          <Button
            variant="primary"
            icon={Plug}
            disabled={chosen.size === 0}
            onClick={() =>
              actions.open(clusters.filter((cluster) => chosen.has(cluster.key)).map((cluster) => cluster.key))
            }
          >
            {chosen.size === 0 ? t('fleet.first.choose') : t('fleet.first.open', { count: formatCount(chosen.size) })}
          </Button>
        </footer>
      </section>
    </div>
  );
}
