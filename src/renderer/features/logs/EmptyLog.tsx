import { ScrollText } from 'lucide-react';
import { EmptyState, ErrorState, ForbiddenState, Skeleton, t, useDelayed } from '../../ui/index.ts';
import type { SessionState } from './logSession.ts';
import styles from './logs.module.css';

/** Why there are no lines; nothing where there are some. */
export function EmptyLog(props: { state: SessionState; kept: number; shown: number; onRetry(): void }) {
  const { state, kept, shown, onRetry } = props;
  const chosen = state.sources.filter((source) => source.chosen);
  const waiting = useDelayed(!state.resolved && state.error === undefined);
  if (shown > 0) return null;
  if (state.error !== undefined)
    return <ErrorState compact title={t('logs.failed')} error={state.error} onRetry={onRetry} />;
  if (kept > 0) return <EmptyState compact icon={ScrollText} title={t('logs.noneMatches', { count: kept })} />;
  const forbidden = chosen.find((source) => source.state === 'forbidden');
  if (forbidden !== undefined && chosen.every((source) => source.state === 'forbidden')) {
    return (
      <ForbiddenState
        compact
        title={t('logs.forbidden')}
        {...(forbidden.rule !== undefined && { rule: forbidden.rule })}
      >
        {forbidden.reason}
      </ForbiddenState>
    );
  }
  if (!state.resolved) return waiting ? <Bones /> : null;
  if (chosen.length === 0) {
    return (
      <EmptyState compact icon={ScrollText} title={t(state.sources.length === 0 ? 'logs.noPods' : 'logs.noContainer')}>
        {state.problems.join(' · ') || t('logs.noPodsText')}
      </EmptyState>
    );
  }
  const reasons = [...new Set(chosen.flatMap(({ reason }) => reason ?? []))];
  const states = new Set(chosen.map((source) => source.state));
  const title = ['failed', 'gone', 'waiting', 'reconnecting'].find((each) => states.has(each as 'gone')) ?? 'none';
  return (
    <EmptyState compact icon={ScrollText} title={t(`logs.empty.${title}`)}>
      {reasons.length > 0 && reasons.join(' · ')}
    </EmptyState>
  );
}

function Bones() {
  return (
    <div className={styles.bones} role="status" aria-label={t('logs.looking')}>
      <Skeleton width="52%" />
      <Skeleton width="71%" />
      <Skeleton width="44%" />
    </div>
  );
}
