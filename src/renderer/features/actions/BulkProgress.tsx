import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useClient, useLive } from '../../client/index.ts';
import { Button, Dialog, t } from '../../ui/index.ts';
import css from './actions.module.css';
import { outcomeText, RunBar, RunSteps } from './RunSteps.tsx';

const shownSteps = 60;

/** An action on several objects while it is done: each object's state, a way to stop, and those that failed once more. */
export function BulkProgress(props: {
  run: string;
  title: string;
  onClose(): void;
  onAgain(objects: readonly ObjectRef[]): void;
}) {
  const { run: key, title, onClose, onAgain } = props;
  const client = useClient();
  const { rows } = useLive((c) => c.changes.runs, {});
  const run = rows.find((each) => each.key === key);
  const running = run === undefined || run.state === 'running';
  const left = run?.steps.filter(({ state }) => state === 'failed' || state === 'cancelled') ?? [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={title}
      footer={
        <>
          {running && run !== undefined && (
            <Button onClick={() => void client.changes.cancel({ run: key }).catch(() => undefined)}>
              {t('actions.stop')}
            </Button>
          )}
          {!running && left.length > 0 && (
            <Button onClick={() => onAgain(left.map(({ object }) => object))}>
              {t('actions.again', { count: left.length })}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {t(running ? 'actions.leaveWorking' : 'actions.close')}
          </Button>
        </>
      }
    >
      {run !== undefined && (
        <div className={css.form}>
          <p aria-live="polite">{outcomeText(run)}</p>
          <RunBar run={run} />
          <div className={css.bulkSteps}>
            <RunSteps run={run} atFirst={shownSteps} />
          </div>
        </div>
      )}
    </Dialog>
  );
}
