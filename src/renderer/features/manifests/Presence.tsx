import { FilePlus, FolderOpen } from 'lucide-react';
import { useCommands } from '../../app/commands.ts';
import { useClient } from '../../client/index.ts';
import { createFrom } from '../../state/newObject.ts';
import { askWith } from './allowed.ts';
import { openFolder } from './folder/given.ts';

/** For the window's life: what creates objects, and what asks whether they may be edited. */
export function Presence() {
  askWith(useClient());
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
