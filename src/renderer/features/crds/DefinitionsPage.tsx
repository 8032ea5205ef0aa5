import { BookOpen, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Definition, DefinitionSource, DefinitionThere } from '../../../core/cluster/crds/contract.ts';
import { formatLocation, href, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Button,
  Dot,
  EmptyState,
  ErrorState,
  ForbiddenState,
  formatCount,
  inSentences,
  SearchInput,
  Skeleton,
  StatusMark,
  Strip,
  Switch,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { explainPath } from './address.ts';
import css from './crds.module.css';
import { csvOf, findDefinitions, instancesOf, needsLook } from './model.ts';

/** Rows that are drawn at first, and with each press more. */
const rowsShown = 300;

/** Every custom resource definition of the clusters that are looked at. */
export function DefinitionsPage() {
  const { clusters } = useScope();
  const { params } = useLocation();
  const { rows, head, state, error, retry } = useLive(
    (client) => client.crds.definitions,
    clusters === undefined ? {} : { clusters },
  );
  const [limit, setLimit] = useState(rowsShown);
  const filter = params.filter ?? '';
  const onlyLook = params.look === 'yes';
  const found = useMemo(
    () => findDefinitions(rows, filter).filter((each) => !onlyLook || needsLook(each)),
    [rows, filter, onlyLook],
  );
  const sources = head?.sources ?? [];
  const reading = state === 'waiting' || sources.some((source) => source.state === 'loading');
  const waiting = useDelayed(reading && rows.length === 0);
  const count = rows.filter(needsLook).length;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1 className={css.title}>{t('crds.title')}</h1>
        <span className={css.dim}>{t('crds.count', { count: found.length, number: formatCount(found.length) })}</span>
        <span className={css.grow} />
        {(count > 0 || onlyLook) && (
          <span className={css.switch}>
            <Switch
              label={t('crds.onlyLook')}
              checked={onlyLook}
              onChange={(on) => setParams({ look: on ? 'yes' : undefined }, { replace: true })}
            />
            {t('crds.onlyLook')} <span className={css.dim}>{count}</span>
          </span>
        )}
        <SearchInput
          label={t('crds.filter')}
          value={filter}
          onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
          className={css.search}
        />
        <Button
          icon={Download}
          disabled={found.length === 0}
          onClick={() => saveText('definitions.csv', 'text/csv', csvOf(found))}
        >
          {t('crds.export')}
        </Button>
      </header>
      {sources.map((source) => (
        <SourceStrip key={source.cluster} source={source} alone={sources.length === 1 && rows.length === 0} />
      ))}
      {error !== undefined && <ErrorState compact title={t('crds.listFailed')} error={error} onRetry={retry} />}
      {waiting && (
        <div className={css.bones} aria-busy="true">
          {[72, 58, 80, 64, 70, 52].map((width) => (
            <Skeleton key={width} width={`${width}%`} />
          ))}
        </div>
      )}
      {!reading && sources.length === 0 && (
        <EmptyState icon={BookOpen} title={t('crds.noClusters')}>
          {t('crds.noClustersText')}
        </EmptyState>
      )}
      {!reading && rows.length === 0 && sources.some((source) => source.state === 'ready') && (
        <EmptyState icon={BookOpen} title={t('crds.none')}>
          {t('crds.noneText')}
        </EmptyState>
      )}
      {rows.length > 0 && found.length === 0 && <p className={css.note}>{t('ui.nothingMatches')}</p>}
      {found.length > 0 && <Table definitions={found.slice(0, limit)} many={sources.length > 1} />}
      {found.length > limit && (
        <Button onClick={() => setLimit((now) => now + rowsShown)}>
          {t('crds.more', { count: found.length - limit })}
        </Button>
      )}
    </div>
  );
}

function SourceStrip({ source, alone }: { source: DefinitionSource; alone: boolean }) {
  if (source.state !== 'forbidden' && source.state !== 'failed') return null;
  const title = t('crds.sourceFailed', { name: source.name });
  if (source.state === 'forbidden' && alone) {
    return <ForbiddenState title={title}>{source.message}</ForbiddenState>;
  }
  return (
    <Strip tone="warning">
      {title}: {inSentences(source.message ?? '', source.hint)}
    </Strip>
  );
}

function Table({ definitions, many }: { definitions: readonly Definition[]; many: boolean }) {
  const { byId } = useClusters();
  const columns = [
    'kind',
    'group',
    'versions',
    'scope',
    'instances',
    'conversion',
    ...(many ? ['clusters'] : []),
    'status',
  ];
  return (
    <table className={css.table}>
      <thead>
        <tr>
          {columns.map((id) => (
            <th key={id} scope="col" className={id === 'instances' ? css.number : undefined}>
              {t(`crds.column.${id}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {definitions.map((definition) => {
          const [first] = definition.clusters;
          const instances = instancesOf(definition);
          return (
            <tr key={definition.key}>
              <td>
                <a className={css.link} href={href(explainPath(first?.cluster ?? '', definition.key))}>
                  {definition.kind}
                </a>{' '}
                <span className={css.dim}>{definition.shortNames.join(', ')}</span>
              </td>
              <td className={css.mono}>{definition.group}</td>
              <td>{first !== undefined && <Versions there={first} />}</td>
              <td>{t(`crds.scope.${definition.scope}`)}</td>
              <td className={css.number}>
                {instances === null ? (
                  <span className={css.dim} title={t('crds.notCounted')}>
                    –
                  </span>
                ) : (
                  <a
                    className={css.link}
                    href={href(formatLocation(`/resources/${encodeURIComponent(definition.key)}`, {}))}
                    aria-label={t('crds.instancesOf', { kind: definition.kind, count: instances })}
                  >
                    {formatCount(instances)}
                  </a>
                )}
              </td>
              <td>
                {first?.conversion === 'Webhook' ? (
                  t('crds.webhook')
                ) : (
                  <span className={css.dim}>{t('crds.noConversion')}</span>
                )}
              </td>
              {many && (
                <td>
                  <span
                    className={css.clusters}
                    title={definition.clusters.map(({ cluster }) => byId.get(cluster)?.name ?? cluster).join(', ')}
                  >
                    {definition.clusters.slice(0, 8).map(({ cluster }) => (
                      <Dot key={cluster} color={byId.get(cluster)?.color ?? ''} />
                    ))}
                    {definition.clusters.length}
                  </span>
                </td>
              )}
              <td>
                <Status definition={definition} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Served versions, the stored one marked, deprecated ones struck through. */
export function Versions({ there }: { there: DefinitionThere }) {
  return (
    <span className={css.versions}>
      {there.versions.map(({ name, served, storage, deprecated, warning }) => (
        <span
          key={name}
          className={css.version}
          data-served={served}
          data-storage={storage}
          data-deprecated={deprecated}
          title={[
            t(served ? 'crds.served' : 'crds.notServed'),
            ...(storage ? [t('crds.isStored')] : []),
            ...(deprecated ? [warning ?? t('crds.deprecated')] : []),
          ].join(' · ')}
        >
          {name}
        </span>
      ))}
    </span>
  );
}

function Status({ definition }: { definition: Definition }) {
  const problem = definition.clusters.find((each) => each.problem !== undefined)?.problem;
  if (problem !== undefined)
    return (
      <span title={problem}>
        <StatusMark tone="failed">{t('crds.broken')}</StatusMark>
      </span>
    );
  if (definition.clusters.some(({ established }) => !established)) {
    return <StatusMark tone="progressing">{t('crds.notEstablished')}</StatusMark>;
  }
  if (definition.differs) return <StatusMark tone="warning">{t('crds.differs')}</StatusMark>;
  const old = definition.clusters.some(({ versions, stored }) =>
    versions.some(({ name, deprecated, served }) => (deprecated || !served) && stored.includes(name)),
  );
  if (old) return <StatusMark tone="warning">{t('crds.oldStored')}</StatusMark>;
  return <StatusMark tone="healthy">{t('crds.established')}</StatusMark>;
}
