import { useLink } from '../client/index.ts';
import { Strip, t, useDelayed } from '../ui/index.ts';

/** Says that the engine is not there, why, and what happens about it. */
export function ConnectionBanner() {
  const { state, problem } = useLink();
  const shown = useDelayed(state !== 'connected');
  if (!shown || state === 'connected') return null;
  return (
    <Strip tone={state === 'closed' ? 'failed' : problem === undefined ? 'progressing' : 'warning'}>
      {t(`app.link.${state}`)}
      {problem !== undefined && ` ${problem.message}.`}
      {problem?.hint !== undefined && ` ${problem.hint}`}
    </Strip>
  );
}
