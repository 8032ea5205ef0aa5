import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import type { Run } from '../../../core/cluster/changes/contract.ts';
import { onAskAction } from '../../app/askAction.ts';
import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';
import { toError, useClient, useLink, useLive } from '../../client/index.ts';
import { legible, t } from '../../ui/index.ts';
import { ActionDialog } from './ActionDialog.tsx';
import { askWith, loadCatalog, useAsked, useUndoing } from './catalog.ts';
import { outcomeText } from './RunSteps.tsx';
import { UndoDialog } from './UndoDialog.tsx';

/** For the window's life: knows the catalog, asks for what an action needs, and tells how each run ended. */
export function Presence() {
  const client = useClient();
  const connected = useLink().state === 'connected';
  const { asked, ask } = useAsked();
  const { run: undoing, ask: askUndo } = useUndoing();
  useEffect(() => {
    if (!connected) return;
    loadCatalog(client).catch((error: unknown) => {
      toast.error(t('actions.catalogFailed'), { description: toError(error).message });
    });
  }, [client, connected]);
  useEffect(() => {
    const hearing = onAskAction(askWith);
    return () => hearing.dispose();
  }, []);
  useEndings();
  useCommands([
    {
      id: 'actions.changes',
      label: 'actions.commands.changes',
      group: 'app.groups.go',
      keys: ['Alt+3'],
      perform: () => navigate('/changes'),
    },
  ]);
  if (undoing !== undefined) {
    return <UndoDialog key={undoing.key} run={undoing} onClose={() => askUndo(undefined)} />;
  }
  if (asked === undefined) return null;
  return <ActionDialog key={JSON.stringify(asked)} asked={asked} onClose={() => ask(undefined)} />;
}

/** Says once of each run how it ended, with the way back. Runs that had ended before the window came are not told. */
function useEndings(): void {
  const client = useClient();
  const { rows, state } = useLive((c) => c.changes.runs, {});
  const told = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (state !== 'live') return;
    const ended = rows.filter(({ endedAt }) => endedAt !== null);
    if (told.current === undefined) {
      told.current = new Set(ended.map(({ key }) => key));
      return;
    }
    for (const run of ended) {
      if (told.current.has(run.key)) continue;
      told.current.add(run.key);
      tell(run, () => undo(client, run));
    }
  }, [rows, state, client]);
}

function tell(run: Run, onUndo: () => void): void {
  const failed = run.steps.find((step) => step.state === 'failed');
  const [first] = run.steps;
  const undoing = run.undoable && run.undoes === undefined;
  const options = {
    description: legible(
      run.steps.length > 1
        ? [outcomeText(run), failed?.message].filter(Boolean).join('. ')
        : ((failed ?? first)?.message ?? ''),
    ),
    // Long enough to be read and to be taken back.
    duration: 10_000,
    ...(undoing
      ? { action: { label: t('actions.undo'), onClick: onUndo } }
      : { action: { label: t('actions.show'), onClick: () => navigate('/changes') } }),
  };
  if (run.state === 'failed') toast.error(legible(run.title), options);
  else if (run.state === 'cancelled') toast(t('actions.cancelled', { title: legible(run.title) }), options);
  else toast.success(legible(run.title), options);
}

/** Takes a run back at once, or asks before where it loses something or a cluster is protected. */
export function undo(client: ReturnType<typeof useClient>, run: Run): void {
  client.changes.undo({ run: run.key }).catch((thrown: unknown) => {
    const error = toError(thrown);
    if (error.code === 'needsConfirmation') {
      useUndoing.getState().ask(run);
      return;
    }
    toast.error(t('actions.undoFailed'), { description: [error.message, error.hint].filter(Boolean).join(' ') });
  });
}
