import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the way to the releases. */
export function Presence() {
  useCommands([
    { id: 'helm.releases', label: 'helm.commands.releases', group: 'app.groups.go', perform: () => navigate('/helm') },
  ]);
  return null;
}
