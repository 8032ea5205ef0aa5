import { useEffect, useRef } from 'react';
import { useClient, useLive } from '../../client/index.ts';
import { Button, Dialog, StatusMark, type Tone, t } from '../../ui/index.ts';
import css from './helm.module.css';

const tones: Record<string, Tone> = {
  running: 'progressing',
  done: 'healthy',
  failed: 'failed',
  cancelled: 'stopped',
};

/** What helm says while it works, and how it ended. Closing it leaves it working. */
export function RunView({ run: key, title, onClose }: { run: string; title: string; onClose(): void }) {
  const client = useClient();
  const { rows } = useLive((c) => c.changes.runs, {});
  const run = rows.find((each) => each.key === key);
  const output = useRef<HTMLPreElement>(null);
  const count = run?.lines.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest line stays in sight
  useEffect(() => {
    output.current?.scrollTo(0, output.current.scrollHeight);
  }, [count]);
  const state = run?.state ?? 'running';
  const [step] = run?.steps ?? [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={title}
      footer={
        <>
          {state === 'running' && (
            <Button onClick={() => void client.changes.cancel({ run: key }).catch(() => undefined)}>
              {t('helm.cancelRun')}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {t(state === 'running' ? 'helm.inBackground' : 'helm.close')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <p>
          <StatusMark tone={tones[state] ?? 'unknown'}>{t(`helm.run.${state}`)}</StatusMark>{' '}
          {state !== 'running' && step?.message}
        </p>
        {step?.hint !== undefined && <p className={css.note}>{step.hint}</p>}
        <h3 className={css.sub}>{t('helm.output')}</h3>
        <pre ref={output} className={css.output}>
          {run?.lines.map(({ text }) => text.replace(/^[^:]*: /, '')).join('\n')}
        </pre>
      </div>
    </Dialog>
  );
}
