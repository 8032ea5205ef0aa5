import { FilterX, PlugZap } from 'lucide-react';
import type { KindRow, ListHead, ScopeState } from '../../../core/cluster/resources/contract.ts';
import { href } from '../../app/router.ts';
import { Age, Button, EmptyState, ErrorState, ForbiddenState, Strip } from '../../ui/index.ts';
import css from './resources.module.css';
import { grantingRole, kindParts, type ListPhase, listNotices, type Notice } from './scopes.ts';

interface StateContext {
  /** Plural, as in the title: `Pods`. */
  title: string;
  kind: KindRow | undefined;
  kindId: string;
  clusterName(id: string): string;
  userOf(cluster: string): string;
  namespaces: readonly string[] | undefined;
}

/** What stands where the rows would be. */
export function ListPlaceholder(
  props: StateContext & { phase: ListPhase; onClearFilter(): void; onRetry(): void; filter: string },
) {
  const { phase, title } = props;
  const lower = title.toLowerCase();
  switch (phase.phase) {
    case 'noClusters':
      return (
        <EmptyState
          icon={PlugZap}
          title="No cluster is open"
          actions={
            <a className={css.linkButton} href={href('/fleet')}>
              Go to the fleet
            </a>
          }
        >
          Lists show the clusters that you open. Nothing is contacted before that.
        </EmptyState>
      );
    case 'empty':
      return (
        <EmptyState title={`No ${lower}`}>
          {props.namespaces === undefined
            ? 'The open clusters have none. One that is created appears here at once.'
            : `None in ${props.namespaces.join(', ')}. Other namespaces may have some: change the scope above.`}
        </EmptyState>
      );
    case 'filtered':
      return (
        <EmptyState
          icon={FilterX}
          title={`No ${lower} match the filter`}
          actions={<Button onClick={props.onClearFilter}>Clear filter</Button>}
        >
          <code>{props.filter}</code> lets nothing through at the moment. One that matches appears here at once.
        </EmptyState>
      );
    case 'forbidden': {
      const scope = phase.scopes[0];
      const parts = kindParts(props.kindId);
      const where = names(phase.scopes, props.clusterName);
      return (
        <ForbiddenState
          title={`You may not list ${parts.resource}`}
          rule={grantingRole(parts, scope === undefined ? '' : props.userOf(scope.cluster))}
        >
          <p>
            {where} refused the verb <code>list</code> on the resource{' '}
            <code>{parts.group === '' ? parts.resource : `${parts.resource}.${parts.group}`}</code>.
          </p>
          {scope?.reason !== undefined && <p className={css.quiet}>{scope.reason}</p>}
        </ForbiddenState>
      );
    }
    case 'absent':
      return (
        <EmptyState title={`No open cluster serves ${lower}`}>
          {phase.scopes[0]?.reason ??
            'Its definition is not installed, or was removed. The list fills as soon as a cluster serves it.'}
        </EmptyState>
      );
    case 'unreachable': {
      const scope = phase.scopes[0];
      return (
        <ErrorState
          title={`${names(phase.scopes, props.clusterName)} cannot be reached`}
          error={{
            message: scope?.reason ?? 'There was no answer, and nothing is known from before.',
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

/** Lines above the rows that say what the list does not show. */
export function ListNotices(props: StateContext & { head: ListHead; onRetry(clusters: string[]): void }) {
  return listNotices(props.head).map((notice) => <NoticeStrip key={notice.kind} {...props} notice={notice} />);
}

function NoticeStrip(props: StateContext & { notice: Notice; onRetry(clusters: string[]): void }) {
  const { notice, clusterName, title } = props;
  const first = notice.scopes[0];
  if (first === undefined) return null;
  const where = names(notice.scopes, clusterName);
  const retry = (
    <Button size="s" variant="quiet" onClick={() => props.onRetry(notice.scopes.map((scope) => scope.cluster))}>
      Retry
    </Button>
  );
  const oldest = Math.min(...notice.scopes.map((scope) => scope.since));
  switch (notice.kind) {
    case 'stale':
      return (
        <Strip tone="warning" actions={retry}>
          {where}: as it was <Age at={oldest} /> ago.
          {first.reason !== undefined && <span className={css.quiet}> {first.reason}</span>}
        </Strip>
      );
    case 'unreachable':
      return (
        <Strip tone="failed" actions={retry}>
          {where} cannot be reached, its {title.toLowerCase()} are missing here.
          {first.reason !== undefined && <span className={css.quiet}> {first.reason}</span>}
        </Strip>
      );
    case 'forbidden':
      return (
        <Strip tone="warning">
          {where} does not let you list {title.toLowerCase()}.
          {first.reason !== undefined && <span className={css.quiet}> {first.reason}</span>}
        </Strip>
      );
    case 'limited':
      return (
        <Strip tone="warning">
          {notice.scopes
            .map((scope) => `${clusterName(scope.cluster)}: only ${nameFew(scope.namespaces ?? [])}`)
            .join(' · ')}
          <span className={css.quiet}> — you may not list all namespaces there.</span>
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
  return `${all.slice(0, most).join(', ')} and ${all.length - most} more`;
}
