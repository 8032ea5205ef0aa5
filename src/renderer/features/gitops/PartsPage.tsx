import { Boxes } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Part } from '../../../core/cluster/gitops/contract.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import {
  Age,
  Button,
  ContextMenu,
  Dot,
  EmptyState,
  ErrorState,
  formatCount,
  legible,
  Menu,
  Name,
  SearchInput,
  Segments,
  StatusMark,
  t,
} from '../../ui/index.ts';
import { Frame, Limits, Nothing } from './Frame.tsx';
import css from './gitops.module.css';
import { findParts, objectAddress, shortRepo, shortRevision } from './model.ts';

const families = ['source', 'image', 'set', 'project'] as const;
const linesShown = 300;

/** Sources, image automation, ApplicationSets and projects of all clusters that are looked at. */
export function PartsPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const { rows, head, state, error, retry } = useLive((client) => client.gitops.parts, {
    clusters: clusters ?? [],
    namespaces: namespaces ?? [],
  });
  const present = families.filter((each) => rows.some(({ family }) => family === each));
  const family = families.find((each) => each === params.family) ?? present[0] ?? 'source';
  const filter = params.filter ?? '';
  const found = useMemo(() => findParts(rows, filter, family), [rows, filter, family]);
  const [lines, setLines] = useState(linesShown);
  const scopes = head?.scopes ?? [];
  const isEmpty = !rows.some((row) => row.family === family);
  return (
    <Frame
      count={found.length > 0 && formatCount(found.length)}
      tools={
        <SearchInput
          label={t('gitops.filterParts')}
          value={filter}
          onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
          className={css.search}
        />
      }
    >
      <Limits scopes={scopes} />
      {error !== undefined && <ErrorState compact title={t('gitops.listFailed')} error={error} onRetry={retry} />}
      <div className={css.scroll}>
        {rows.length > 0 && (
          <div className={css.families}>
            <Segments
              label={t('gitops.families')}
              value={family}
              onChange={(next) => setParams({ family: next }, { replace: true })}
              options={families.map((each) => ({ value: each, label: t(`gitops.family.${each}`) }))}
            />
          </div>
        )}
        <Nothing
          scopes={scopes}
          rows={rows.length}
          waiting={state === 'waiting'}
          empty={
            <EmptyState icon={Boxes} title={t('gitops.noParts')}>
              {t('gitops.noPartsText')}
            </EmptyState>
          }
        />
        {rows.length > 0 && isEmpty && <p className={css.dim}>{t(`gitops.noFamily.${family}`)}</p>}
        {!isEmpty && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
        {found.length > 0 && <Table parts={found.slice(0, lines)} family={family} />}
        {found.length > lines && (
          <Button onClick={() => setLines((count) => count + linesShown)}>
            {t('gitops.more', { count: found.length - lines })}
          </Button>
        )}
      </div>
    </Frame>
  );
}

function Table({ parts, family }: { parts: readonly Part[]; family: Part['family'] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t('gitops.column.kind')}</th>
          <th scope="col">{t('gitops.column.name')}</th>
          <th scope="col">{t('gitops.column.namespace')}</th>
          <th scope="col">{t('gitops.column.cluster')}</th>
          <th scope="col">{t('gitops.column.status')}</th>
          <th scope="col">{t(`gitops.about.${family}`)}</th>
          <th scope="col">{t(`gitops.wanted.${family}`)}</th>
          {family !== 'project' && <th scope="col">{t(`gitops.found.${family}`)}</th>}
          <th scope="col" className={css.number}>
            {t('gitops.column.used')}
          </th>
          <th scope="col" className={css.number}>
            {t('gitops.column.updated')}
          </th>
          <th scope="col">
            <span className="hidden-text">{t('gitops.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <Line key={part.key} part={part} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ part }: { part: Part }) {
  const { byId } = useClusters();
  const groups = useObjectActions()([part.object]);
  return (
    <ContextMenu groups={groups}>
      <tr>
        <td>{part.kind}</td>
        <td>
          <a className={css.link} href={href(objectAddress(part.object))}>
            <Name>{part.object.name}</Name>
          </a>
        </td>
        <td>{part.object.namespace}</td>
        <td>
          <span className={css.cluster}>
            <Dot color={byId.get(part.object.cluster)?.color ?? ''} />
            {part.clusterName}
          </span>
        </td>
        <td title={legible(part.message)}>
          <StatusMark tone={part.tone}>{part.suspended ? t('gitops.suspended') : legible(part.status)}</StatusMark>
          {part.tone === 'failed' && <div className={css.dim}>{legible(part.message)}</div>}
        </td>
        <td>{legible(shortRepo(part.about))}</td>
        <td>{legible(part.wanted)}</td>
        {part.family !== 'project' && <td title={part.found}>{legible(shortRevision(part.found))}</td>}
        <td className={css.number}>{formatCount(part.used)}</td>
        <td className={css.number}>
          <Age at={part.updated ?? part.created} />
        </td>
        <td className={css.actions}>
          <Menu groups={groups} align="end">
            <button type="button" className={css.more} aria-label={t('gitops.actionsOf', { name: part.object.name })}>
              …
            </button>
          </Menu>
        </td>
      </tr>
    </ContextMenu>
  );
}
