import { useEffect } from 'react';
import { toast } from 'sonner';
import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { desktop, useClient } from '../../client/index.ts';
import { t } from '../../ui/index.ts';
import { askWith, useAsked } from './asked.ts';
import { DebugDialog } from './DebugDialog.tsx';
import { LocalDialog } from './LocalDialog.tsx';
import { NodeDialog } from './NodeDialog.tsx';
import { restore } from './restore.ts';
import { openLocal, openWith } from './several.ts';

/** For the window's life: learns what may be opened, asks for what a terminal needs, and brings back those that go on. */
export function Presence() {
  const client = useClient();
  const { asked, ask, choosing, choose } = useAsked();
  const clusters = useClusters();
  const scope = useScope();
  useEffect(() => {
    askWith(client);
    openWith(client);
    // Without an answer nothing is brought back, and the page says by itself that its engine is away.
    restore(client).catch(() => undefined);
  }, [client]);
  const live = clusters.rows.filter(({ state }) => state === 'live');
  const local = () => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-cluster]')?.dataset.cluster;
    const meant = [focused, ...(scope.clusters?.length === 1 ? scope.clusters : [])];
    const found = live.find(({ key }) => meant.includes(key)) ?? (live.length === 1 ? live[0] : undefined);
    if (found !== undefined) openLocal(found.key);
    else if (live.length === 0) toast(t('terminal.local.noneLive'));
    else choose(true);
  };
  useCommands([
    {
      id: 'terminal.local',
      label: 'terminal.local.command',
      group: 'terminal.group',
      keys: ['Alt+T'],
      when: () => desktop() !== undefined,
      perform: local,
    },
    {
      id: 'terminal.recordings',
      label: 'terminal.commands.recordings',
      group: 'app.groups.go',
      perform: () => navigate('/recordings'),
    },
  ]);
  if (choosing) return <LocalDialog clusters={live} onClose={() => choose(false)} />;
  if (asked === undefined) return null;
  const Asking = asked.kind === 'nodes' ? NodeDialog : DebugDialog;
  return <Asking key={JSON.stringify(asked)} object={asked} onClose={() => ask(undefined)} />;
}
