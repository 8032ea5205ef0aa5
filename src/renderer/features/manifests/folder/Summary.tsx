import type { FolderHead, FolderRow } from '../../../../core/cluster/manifests/contract.ts';
import { Bar, ChipButton, Segments, StatusMark, t } from '../../../ui/index.ts';
import { type RowState, rowStates, toneOf } from './choice.ts';
import css from './folder.module.css';

/** How many of which, to be filtered by, and how far the dry runs or the apply are. */
export function Summary(props: {
  rows: readonly FolderRow[];
  head: FolderHead | undefined;
  shown: ReadonlySet<RowState>;
  by: 'file' | 'kind';
  run: { steps: readonly { state: string }[] } | undefined;
  onShown(shown: ReadonlySet<RowState>): void;
  onBy(by: 'file' | 'kind'): void;
}) {
  const { rows, head, shown, run } = props;
  const counts = new Map<RowState, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const ended = run?.steps.filter(({ state }) => state !== 'waiting' && state !== 'running').length ?? 0;
  return (
    <div className={css.summary}>
      {rowStates
        .filter((state) => counts.has(state))
        .map((state) => (
          <ChipButton
            key={state}
            aria-pressed={shown.has(state)}
            onClick={() => {
              const next = new Set(shown);
              if (!next.delete(state)) next.add(state);
              props.onShown(next);
            }}
          >
            <StatusMark tone={toneOf(state)}>
              {t(`manifests.folder.state.${state}`)} {counts.get(state)}
            </StatusMark>
          </ChipButton>
        ))}
      <span className={css.grow} />
      {run !== undefined ? (
        <Progress
          done={ended}
          of={run.steps.length}
          label={t('manifests.folder.applied', { done: ended, of: run.steps.length })}
        />
      ) : (
        head !== undefined &&
        !head.done &&
        head.total > 0 && (
          <Progress
            done={head.asked}
            of={head.total}
            label={t('manifests.folder.asked', { done: head.asked, of: head.total })}
          />
        )
      )}
      <Segments
        label={t('manifests.folder.by')}
        value={props.by}
        options={[
          { value: 'file', label: t('manifests.folder.byFile') },
          { value: 'kind', label: t('manifests.folder.byKind') },
        ]}
        onChange={props.onBy}
      />
    </div>
  );
}

function Progress({ done, of, label }: { done: number; of: number; label: string }) {
  return (
    <span className={css.progress} role="status">
      <span className={css.progressBar}>
        <Bar value={done} max={Math.max(of, 1)} label={label} />
      </span>
      {label}
    </span>
  );
}
