import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';
import { useAsked } from './asked.ts';
import { ForwardDialog } from './ForwardDialog.tsx';

/** For the window's life: the dialog of whoever asks for a forward, and the way to the list. */
export function Presence() {
  const { object, ask } = useAsked();
  useCommands([
    {
      id: 'portforward.list',
      label: 'portforward.commands.list',
      group: 'app.groups.go',
      perform: () => navigate('/forwards'),
    },
  ]);
  if (object === undefined) return null;
  return <ForwardDialog key={JSON.stringify(object)} object={object} onClose={() => ask(undefined)} />;
}
