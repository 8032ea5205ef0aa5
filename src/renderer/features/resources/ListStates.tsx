import { FilterX, PlugZap } from 'lucide-react';
import type { KindRow, ListHead, ScopeState } from '../../../core/cluster/resources/contract.ts';
import { formatLocation, href } from '../../app/router.ts';
import { Age, Button, EmptyState, ErrorState, ForbiddenState, legible, Strip, t } from '../../ui/index.ts';
import css from './resources.module.css';
import { grantingRole, kindParts, type ListPhase, listNotices, type Notice } from './scopes.ts';

interface StateContext {
  /** Plural, as in the title: `Pods`. */
  title: string;
  kind: KindRow | undefined;
  kindId: string;
  clusterName(id: string): string;
  userOf(cluster: string): string;
  /** Chosen clusters that nobody has opened. */
  idle: readonly string[];
  namespaces: readonly string[] | undefined;
}

/** What stands where the rows would be. */
export function ListPlaceholder(
  props: StateContext & {
    phase: ListPhase;
    onClearFilter(): void;
    onRetry(): void;
    onOpen(clusters: readonly string[]): void;
    filter: string;
  },
) {
  const { phase, title } = props;
  const lower = title.toLowerCase();
  switch (phase.phase) {
    case 'noClusters':
      // A link leads here: it says which clusters, and whoever follows it decides whether they are contacted.
      if (props.idle.length > 0) {
        return (
          <EmptyState
            icon={PlugZap}
            title={t('resources.listStates.notOpen', {
              count: props.idle.length,
              clusters: nameFew(props.idle.map(props.clusterName)),
            })}
            actions={
              <Button variant="primary" onClick={() => props.onOpen(props.idle)}>
                {t('resources.listStates.open')}
              </Button>
            }
          >
            {t('resources.listStates.notOpenText')}
          </EmptyState>
        );
      }
      return (
        <EmptyState
          icon={PlugZap}
          title={t('resources.listStates.noClusterIsOpen')}
          actions={
            <a className={css.linkButton} href={href('/fleet')}>
              {t('resources.listStates.goToTheFleet')}
            </a>
          }
        >
          {t('resources.listStates.listsShowTheClustersThat')}
        </EmptyState>
      );
    case 'empty':
      return (
        <EmptyState title={t('resources.listStates.no', { lower })}>
          {props.namespaces === undefined
            ? t('resources.listStates.theOpenClustersHaveNone')
            : t('resources.listStates.noneInOtherNamespacesMay', { value: props.namespaces.join(', ') })}
        </EmptyState>
      );
    case 'filtered':
      return (
        <EmptyState
          icon={FilterX}
          title={t('resources.listStates.noMatchTheFilter', { lower })}
          actions={<Button onClick={props.onClearFilter}>{t('resources.listStates.clearFilter')}</Button>}
        >
          <code>{props.filter}</code> {t('resources.listStates.letsNothingThroughAtThe')}
        </EmptyState>
      );
    case 'forbidden': {
      const scope = phase.scopes[0];
      const parts = kindParts(props.kindId);
      const where = names(phase.scopes, props.clusterName);
      return (
        <ForbiddenState
          title={t('resources.listStates.youMayNotList', { resource: parts.resource })}
          rule={grantingRole(parts, scope === undefined ? '' : (userIn(scope.reason) ?? props.userOf(scope.cluster)))}
        >
          <p>
            {where} {t('resources.listStates.refusedTheVerb')} <code>list</code>{' '}
            {t('resources.listStates.onTheResource')}{' '}
            <code>{parts.group === '' ? parts.resource : `${parts.resource}.${parts.group}`}</code>.
          </p>
          {scope?.reason !== undefined && <p className={css.quiet}>{legible(scope.reason)}</p>}
        </ForbiddenState>
      );
    }
    case 'absent':
      return (
        <EmptyState title={t('resources.listStates.noOpenClusterServes', { lower })}>
          {phase.scopes[0]?.reason ?? t('resources.listStates.itsDefinitionIsNotInstalled')}
        </EmptyState>
      );
    case 'unreachable': {
      const scope = phase.scopes[0];
      return (
        <ErrorState
          title={t('resources.listStates.cannotBeReached', { what: names(phase.scopes, props.clusterName) })}
          error={{
            message: scope?.reason ?? t('resources.listStates.thereWasNoAnswerAnd'),
            hint: scope?.hint,
          }}
          onRetry={props.onRetry}
        />
      );
    }
    default:
      return null;
  }
}

/** The user as the API server knows it, which a kubeconfig does not tell. */
function userIn(reason: string | undefined): string | undefined {
  return /\bUser "([^"]+)"/u.exec(reason ?? '')?.[1];
}

/** Lines above the rows that say what of them is not current; what may not be seen is `Coverage`. */
export function ListNotices(
  props: StateContext & { head: ListHead; isClosed(cluster: string): boolean; onRetry(clusters: string[]): void },
) {
  return listNotices(props.head, props.isClosed).map((notice) => (
    <NoticeStrip key={notice.kind} {...props} notice={notice} />
  ));
}

/** From so many clusters on a line counts them, and the fleet names them. */
const manyClusters = 4;

function NoticeStrip(props: StateContext & { notice: Notice; onRetry(clusters: string[]): void }) {
  const { notice, clusterName, title } = props;
  const first = notice.scopes[0];
  if (first === undefined || notice.kind === 'forbidden' || notice.kind === 'limited') return null;
  const many = notice.scopes.length >= manyClusters;
  const where = names(notice.scopes, clusterName);
  const all = notice.scopes.map((scope) => scope.cluster);
  const actions = (
    <>
      {many && (
        <a
          className={css.stripLink}
          href={href(formatLocation('/fleet', { view: 'table', filter: `state:${notice.kind}` }))}
        >
          {t('resources.listStates.seeThem')}
        </a>
      )}
      <Button size="s" variant="quiet" onClick={() => props.onRetry(all)}>
        {t(notice.kind === 'closed' ? 'resources.listStates.open' : 'resources.listStates.retry')}
      </Button>
    </>
  );
  const oldest = Math.min(...notice.scopes.map((scope) => scope.since));
  const reason = first.reason !== undefined && !many && <span className={css.quiet}> {legible(first.reason)}</span>;
  switch (notice.kind) {
    case 'stale':
    case 'closed':
      return (
        <Strip tone={notice.kind === 'stale' ? 'warning' : 'unknown'} actions={actions}>
          {many ? (
            <span title={notice.scopes.map((scope) => clusterName(scope.cluster)).join('\n')}>
              {t(`resources.listStates.${notice.kind}Many`, { number: all.length })} <Age at={oldest} />{' '}
              {t('resources.listStates.ago')}
            </span>
          ) : (
            <>
              {where}
              {t(notice.kind === 'closed' ? 'resources.listStates.closedAsItWas' : 'resources.listStates.asItWas')}{' '}
              <Age at={oldest} /> {t('resources.listStates.ago')}
            </>
          )}
          {notice.kind === 'stale' && reason}
        </Strip>
      );
    case 'unreachable':
      return (
        <Strip tone="failed" actions={actions}>
          <span title={many ? notice.scopes.map((scope) => clusterName(scope.cluster)).join('\n') : undefined}>
            {many
              ? t('resources.listStates.unreachableMany', { number: all.length, kinds: title.toLowerCase() })
              : t('resources.listStates.unreachableFew', { clusters: where, kinds: title.toLowerCase() })}
          </span>
          {reason}
        </Strip>
      );
  }
}

function names(scopes: readonly ScopeState[], clusterName: (id: string) => string): string {
  return nameFew(scopes.map((scope) => clusterName(scope.cluster)));
}

/** `a, b, c and 4 more` */
export function nameFew(all: readonly string[], most = 4): string {
  if (all.length <= most + 1) return all.join(', ');
  return t('resources.listStates.andMore', { names: all.slice(0, most).join(', '), number: all.length - most });
}
