import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the ways to the pages. */
export function Presence() {
  useCommands([
    {
      id: 'gitops.deliveries',
      label: 'gitops.commands.deliveries',
      group: 'app.groups.go',
      perform: () => navigate('/gitops'),
    },
    {
      id: 'gitops.parts',
      label: 'gitops.commands.parts',
      group: 'app.groups.go',
      perform: () => navigate('/gitops/parts'),
    },
    {
      id: 'gitops.promotions',
      label: 'gitops.commands.promotions',
      group: 'app.groups.go',
      perform: () => navigate('/gitops/promotions'),
    },
  ]);
  return null;
}
