import { FilePlus, FolderOpen } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { useCommands } from '../../app/commands.ts';
import { useClient } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { createFrom } from '../../state/newObject.ts';
import { t } from '../../ui/index.ts';
import { askWith } from './allowed.ts';
import { openFolder } from './folder/given.ts';
import { drafts } from './useDraft.ts';

/** For the window's life: what creates objects, and what asks whether they may be edited. */
export function Presence() {
  askWith(useClient());
  useEffect(tellOfDrafts, []);
  useCommands([
    {
      id: 'manifests.create',
      label: 'manifests.commands.create',
      group: 'manifests.group',
      keys: ['Alt+N'],
      icon: FilePlus,
      perform: () => createFrom(),
    },
    {
      id: 'manifests.folder',
      label: 'manifests.commands.folder',
      group: 'manifests.group',
      keys: ['Alt+Shift+N'],
      icon: FolderOpen,
      perform: () => openFolder(),
    },
  ]);
  return null;
}

/** Says once that texts of an earlier window were not applied: their tabs are opened when they are asked for. */
function tellOfDrafts(): void {
  const kept = drafts();
  if (told || kept.length === 0) return;
  told = true;
  toast(t('manifests.draft.found', { count: kept.length }), {
    description: t('manifests.draft.foundText'),
    duration: 20_000,
    action: {
      label: t('manifests.draft.open'),
      onClick: () => {
        for (const { subject } of [...kept].reverse()) useDock.getState().show('edit', subject);
      },
    },
  });
}

let told = false;
