import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';

/** For the window's life: the ways to the pages, and to a new namespace. */
export function Presence() {
  useCommands([
    {
      id: 'namespaces.list',
      label: 'namespaces.commands.list',
      group: 'app.groups.go',
      perform: () => navigate('/namespaces'),
    },
    {
      id: 'labels.rules',
      label: 'labels.commands.rules',
      group: 'app.groups.go',
      perform: () => navigate('/labels'),
    },
    {
      id: 'namespaces.create',
      label: 'namespaces.commands.create',
      group: 'namespaces.group',
      perform: () => navigate('/namespaces?create=1'),
    },
  ]);
  return null;
}
