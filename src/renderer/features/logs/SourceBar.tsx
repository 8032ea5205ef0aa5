import type { LogSource } from '../../../core/cluster/logs/contract.ts';
import { ChipButton, Dot, Strip, t } from '../../ui/index.ts';
import type { SessionState } from './logSession.ts';
import styles from './logs.module.css';
import { lookOf } from './sourceNames.ts';

/** Who writes: a chip a source, in its colour, that hides and shows its lines; and what is not complete. */
export function SourceBar(props: {
  state: SessionState;
  hidden: ReadonlySet<number>;
  onHidden(hidden: ReadonlySet<number>): void;
}) {
  const { state, hidden, onHidden } = props;
  const sources = state.sources.filter(({ chosen }) => chosen);
  const looks = lookOf(sources);
  const toggle = (index: number) => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    onHidden(next);
  };
  const only = (index: number) => {
    const others = sources.filter((source) => source.index !== index).map((source) => source.index);
    const alone = others.every((other) => hidden.has(other)) && !hidden.has(index);
    onHidden(new Set(alone ? [] : others));
  };
  const broken = sources.filter((source) => source.state === 'reconnecting');
  const refused = sources.filter((source) => source.state === 'forbidden' || source.state === 'failed');
  return (
    <>
      {broken.length > 0 && (
        <Strip tone="warning">
          {t('logs.reconnecting', { count: broken.length })}
          {broken[0]?.reason !== undefined && ` · ${broken[0].reason}`}
        </Strip>
      )}
      {refused.length > 0 && refused.length < sources.length && (
        <Strip tone="failed">
          {t('logs.refused', { count: refused.length })} · {refused[0]?.reason}
        </Strip>
      )}
      {sources.length > 0 &&
        state.problems.map((problem) => (
          <Strip key={problem} tone="unknown">
            {problem}
          </Strip>
        ))}
      {sources.length > 1 && (
        <fieldset className={styles.sources} aria-label={t('logs.sources')}>
          {sources.map((source) => (
            <ChipButton
              key={source.index}
              className={styles.source}
              data-state={source.state}
              aria-pressed={!hidden.has(source.index)}
              title={aboutSource(source)}
              onClick={(event) => (event.altKey ? only(source.index) : toggle(source.index))}
              onDoubleClick={() => only(source.index)}
            >
              <Dot color={looks.get(source.index)?.color ?? 'slate'} />
              {looks.get(source.index)?.name}
              {source.restarts > 0 && <span className={styles.restarts}>×{source.restarts + 1}</span>}
            </ChipButton>
          ))}
        </fieldset>
      )}
    </>
  );
}

function aboutSource(source: LogSource): string {
  const { namespace, pod, container, node, state, reason } = source;
  return [`${namespace}/${pod}`, container, node, t(`logs.state.${state}`), reason, t('logs.sourceHint')]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}
