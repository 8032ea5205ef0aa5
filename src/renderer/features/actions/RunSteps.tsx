import { CircleCheck, CircleDashed, CircleSlash, CircleX, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../../core/cluster/changes/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { Button, legible, Name, t } from '../../ui/index.ts';
import css from './actions.module.css';

const marks = {
  waiting: CircleDashed,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  cancelled: CircleSlash,
};
/** What asks for somebody stands first. */
const order = ['failed', 'running', 'cancelled', 'waiting', 'done'] as const;
const shownAtFirst = 20;

type StepCounts = Record<(typeof order)[number], number>;

function countSteps(run: Pick<Run, 'steps'>): StepCounts {
  const counts: StepCounts = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { state } of run.steps) counts[state]++;
  return counts;
}

/** `47 of 50 done, 3 failed`. */
export function outcomeText(run: Pick<Run, 'steps'>): string {
  const { done, failed, cancelled } = countSteps(run);
  return [
    t('actions.progress', { done, count: run.steps.length }),
    ...(failed > 0 ? [t('actions.failedCount', { count: failed })] : []),
    ...(cancelled > 0 ? [t('actions.cancelledCount', { count: cancelled })] : []),
  ].join(', ');
}

/** How far a run is, as a bar: what is done, and what has failed. */
export function RunBar({ run }: { run: Run }) {
  const { done, failed, cancelled } = countSteps(run);
  const share = (count: number) => `${(100 * count) / Math.max(1, run.steps.length)}%`;
  return (
    <div
      className={css.progress}
      role="progressbar"
      aria-label={legible(run.title)}
      aria-valuemin={0}
      aria-valuemax={run.steps.length}
      aria-valuenow={done + failed + cancelled}
      aria-valuetext={outcomeText(run)}
    >
      <span data-state="done" style={{ width: share(done) }} />
      <span data-state="failed" style={{ width: share(failed) }} />
      <span data-state="cancelled" style={{ width: share(cancelled) }} />
    </div>
  );
}

/** What a run does with each object. */
export function RunSteps({ run, atFirst = shownAtFirst }: { run: Run; atFirst?: number }) {
  const [all, setAll] = useState(false);
  const { byId } = useClusters();
  const several = run.steps.length > 1;
  // Objects of several clusters or namespaces may be called the same.
  const clusters = new Set(run.steps.map(({ object }) => object.cluster)).size > 1;
  const namespaces = new Set(run.steps.map(({ object }) => object.namespace)).size > 1;
  const steps = several ? order.flatMap((wanted) => run.steps.filter(({ state }) => state === wanted)) : run.steps;
  const shown = all ? steps : steps.slice(0, atFirst);
  return (
    <>
      <ul className={css.steps}>
        {shown.map((step) => {
          const Mark = marks[step.state];
          return (
            <li
              key={`${step.object.cluster}/${step.object.kind}/${step.object.namespace}/${step.object.name}`}
              data-state={step.state}
            >
              {several && (
                <>
                  <Mark size={13} aria-label={t(`actions.stepState.${step.state}`)} />
                  <span className={css.stepName}>
                    <Name>{step.object.name}</Name>
                  </span>
                  {namespaces && <span className={css.dim}>{legible(step.object.namespace)}</span>}
                  {clusters && (
                    <span className={css.dim}>
                      {legible(byId.get(step.object.cluster)?.name ?? step.object.cluster)}
                    </span>
                  )}
                </>
              )}
              <span>
                {legible(step.message)} {legible(step.hint ?? '')}
              </span>
            </li>
          );
        })}
      </ul>
      {steps.length > shown.length && (
        <Button size="s" variant="quiet" onClick={() => setAll(true)}>
          {t('actions.showMore', { count: steps.length - shown.length })}
        </Button>
      )}
    </>
  );
}
