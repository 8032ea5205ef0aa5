import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the way to the upgrades. */
export function Presence() {
  useCommands([
    {
      id: 'upgrades.open',
      label: 'upgrades.commands.open',
      group: 'app.groups.go',
      perform: () => navigate('/upgrades'),
    },
  ]);
  return null;
}
