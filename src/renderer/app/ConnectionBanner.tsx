import { useEngineState, useLink } from '../client/index.ts';
import { Strip, t, useDelayed } from '../ui/index.ts';

/** Says that the engine is not there, why, and what happens about it. */
export function ConnectionBanner() {
  const { state, problem } = useLink();
  const engine = useEngineState();
  const shown = useDelayed(state !== 'connected');
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
