import { BookOpen } from 'lucide-react';
import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the way to the definitions. */
export function Presence() {
  useCommands([
    {
      id: 'crds.definitions',
      label: 'crds.commands.definitions',
      group: 'app.groups.go',
      icon: BookOpen,
      perform: () => navigate('/crds'),
    },
  ]);
  return null;
}
