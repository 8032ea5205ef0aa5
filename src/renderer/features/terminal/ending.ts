import { toast } from 'sonner';
import { toError } from '../../client/index.ts';
import { copyText, t } from '../../ui/index.ts';
import type { Ended, SessionState } from './session.ts';
import type { Target } from './target.ts';

export function copyQuietly(text: string): void {
  if (text === '') return;
  copyText(text).catch((error: unknown) => {
    toast.error(t('ui.copyFailed'), { description: toError(error).message });
  });
}

export function titleOf({ object, mode }: Target, { container, pod }: SessionState): string {
  if (mode === 'local') return t('terminal.local.title');
  // Of a workload, the pod that was chosen.
  if (object.kind !== 'pods' && mode !== 'node' && pod !== undefined)
    return container === undefined ? pod : `${pod} · ${container}`;
  return container === undefined || mode === 'node' ? object.name : `${object.name} · ${container}`;
}

export function markOf(state: SessionState): 'ended' | 'attention' | undefined {
  if (state.name === 'ended') return 'ended';
  return state.name === 'lost' || state.name === 'failed' || state.name === 'asked' ? 'attention' : undefined;
}

export function isOver(state: SessionState): state is Ended {
  return state.name === 'ended' || state.name === 'lost' || state.name === 'failed';
}

export function wordsOf(state: Ended): string {
  if (state.name === 'lost') return t('terminal.lost', { reason: state.message ?? '' });
  if (state.name === 'failed') return t('terminal.failed', { reason: state.message ?? '' });
  if (state.exitCode !== undefined) return t('terminal.exited', { code: state.exitCode });
  return state.message ?? t('terminal.ended');
}
