import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the way to the applications. */
export function Presence() {
  useCommands([
    {
      id: 'portfolio.applications',
      label: 'portfolio.commands.applications',
      group: 'app.groups.go',
      perform: () => navigate('/applications'),
    },
  ]);
  return null;
}
