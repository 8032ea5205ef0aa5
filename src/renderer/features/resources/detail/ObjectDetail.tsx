import { ChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { useClusters } from '../../../app/scope.ts';
import { Age, ClockSkewContext, EmptyState, StaleBar, StatusMark, Tabs, t } from '../../../ui/index.ts';
import { type DetailTab, readTab } from '../address.ts';
import { shownTone } from '../CellView.tsx';
import { kindTitle, useKinds } from '../kinds.ts';
import { ClusterLink, ObjectLink } from '../objectLinks.tsx';
import css from './detail.module.css';
import { EventsTab } from './EventsTab.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { Overview } from './Overview.tsx';
import { RelationsTab, useRelations } from './RelationsTab.tsx';
import { ownerChain } from './relations.ts';
import { useObjectRow } from './useObject.ts';
import { YamlTab } from './YamlTab.tsx';

/** Everything about one object, in the drawer and on its page alike. */
export function ObjectDetail(props: { object: ObjectRef; tab: DetailTab; onTab(tab: DetailTab): void }) {
  const { object, tab } = props;
  const kinds = useKinds();
  const clusters = useClusters();
  const row = useObjectRow(object);
  const relations = useRelations(object);
  const chain = useMemo(() => ownerChain(relations.rows), [relations.rows]);
  const cluster = clusters.byId.get(object.cluster);
  const status = row.value('status');
  const created = row.value('created');
  const { scope } = row;
  return (
    <ClockSkewContext value={cluster?.clockSkewMs ?? 0}>
      <div className={css.detail}>
        <div className={css.identity}>
          <p className={css.identityLine}>
            {row.row !== undefined && (
              <span className={css.statusPill} data-tone={shownTone(row.row.tone, object.kind)}>
                <StatusMark tone={shownTone(row.row.tone, object.kind)}>
                  {typeof status === 'string' && status !== '' ? status : undefined}
                </StatusMark>
              </span>
            )}
            <span>{kindTitle(kinds, object.kind)}</span>
            {object.namespace !== '' && (
              <ObjectLink
                object={{ cluster: object.cluster, kind: 'namespaces', namespace: '', name: object.namespace }}
              >
                {object.namespace}
              </ObjectLink>
            )}
            <ClusterLink id={object.cluster} cluster={cluster} />
            {typeof created === 'number' && created > 0 && (
              <span className={css.dim}>
                <Age at={created} />
              </span>
            )}
          </p>
          {chain.length > 0 && (
            <nav className={css.chain} aria-label={t('resources.objectDetail.owners')}>
              <span className={css.dim}>{t('resources.objectDetail.ownedBy')}</span>
              {chain.map((owner, place) => (
                <span key={owner.key} className={css.chainPart}>
                  {place > 0 && <ChevronRight size={12} aria-hidden className={css.dim} />}
                  <span className={css.dim}>{kindTitle(kinds, owner.object.kind)}</span>
                  <ObjectLink object={owner.object} />
                </span>
              ))}
            </nav>
          )}
        </div>
        {(scope?.state === 'stale' || scope?.state === 'unreachable') && (
          <StaleBar since={scope.since} reason={scope.reason} />
        )}
        {row.missing && tab !== 'history' ? (
          <EmptyState
            title={t('resources.objectDetail.isNotThere', { what: kindTitle(kinds, object.kind), name: object.name })}
          >
            {t('resources.objectDetail.itWasDeletedOrNever')} {cluster?.name ?? object.cluster}
            {object.namespace !== '' && t('resources.objectDetail.namespace', { namespace: object.namespace })}.{' '}
            <button type="button" className={css.textButton} onClick={() => props.onTab('history')}>
              {t('resources.objectDetail.seeItsHistory')}
            </button>
          </EmptyState>
        ) : (
          <Tabs
            className={css.tabs}
            label={t('resources.objectDetail.about', { name: object.name })}
            value={tab}
            onChange={(id) => props.onTab(readTab(id))}
            tabs={[
              {
                id: 'overview',
                label: t('resources.objectDetail.overview'),
                content: <Overview object={object} row={row} kinds={kinds} />,
              },
              { id: 'yaml', label: t('resources.objectDetail.yaml'), content: <YamlTab object={object} row={row} /> },
              { id: 'events', label: t('resources.objectDetail.events'), content: <EventsTab object={object} /> },
              {
                id: 'relations',
                label: t('resources.objectDetail.relations'),
                content: <RelationsTab object={object} kinds={kinds} />,
              },
              {
                id: 'history',
                label: t('resources.objectDetail.history'),
                content: <HistoryTab object={object} columns={row.columns} />,
              },
            ]}
          />
        )}
      </div>
    </ClockSkewContext>
  );
}
