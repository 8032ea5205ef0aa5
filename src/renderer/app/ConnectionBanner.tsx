import { useEffect } from 'react';
import { toast } from 'sonner';
import { useEngineState, useLink } from '../client/index.ts';
import { Strip, t, useDelayed } from '../ui/index.ts';

const restartShownMs = 30_000;

/** Says that the engine is not there, why, and what happens about it. */
export function ConnectionBanner() {
  const { state, problem } = useLink();
  const engine = useEngineState();
  const shown = useDelayed(state !== 'connected');
  // A restart may be over before anybody has read the banner; why it was needed stays a while.
  useEffect(() => {
    if (engine?.state !== 'restarting') return;
    toast.warning(t('app.link.engineRestarting', { reason: engine.reason }), { duration: restartShownMs });
  }, [engine]);
  if (!shown || state === 'connected') return null;
  return (
    <Strip
      tone={
        state === 'closed' || engine?.state === 'failed' ? 'failed' : problem === undefined ? 'progressing' : 'warning'
      }
    >
      {engine?.state === 'failed' && `${t('app.link.engineFailed', { reason: engine.reason })} `}
      {engine?.state === 'restarting' && `${t('app.link.engineRestarting', { reason: engine.reason })} `}
      {engine?.state !== 'failed' && t(`app.link.${state}`)}
      {problem !== undefined && ` ${problem.message}.`}
      {problem?.hint !== undefined && ` ${problem.hint}`}
    </Strip>
  );
}
