import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the way to what was captured. */
export function Presence() {
  useCommands([
    { id: 'logs.captured', label: 'logs.captured.go', group: 'app.groups.go', perform: () => navigate('/logs') },
  ]);
  return null;
}
