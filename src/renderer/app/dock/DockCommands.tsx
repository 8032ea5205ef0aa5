import { useDock } from '../../state/dock.ts';
import { useCommands } from '../commands.ts';

const group = 'app.groups.dock';

/** Keys of the dock. They hold while a terminal has the focus, too: all have modifiers that shells do not use. */
export function DockCommands() {
  const dock = useDock();
  const any = () => dock.tabs.length > 0;
  useCommands([
    {
      id: 'app.dock',
      label: 'app.commands.dock',
      group,
      keys: ['Mod+J'],
      when: any,
      perform: () => dock.setOpen(!dock.open),
    },
    {
      id: 'app.dockMaximize',
      label: 'app.commands.dockMaximize',
      group,
      keys: ['Mod+Shift+J'],
      when: any,
      perform: () => dock.setMaximized(!dock.maximized),
    },
    {
      id: 'app.dockNext',
      label: 'app.commands.dockNext',
      group,
      keys: ['Alt+Shift+ArrowRight'],
      when: () => dock.tabs.length > 1,
      perform: () => dock.step(1),
    },
    {
      id: 'app.dockPrevious',
      label: 'app.commands.dockPrevious',
      group,
      keys: ['Alt+Shift+ArrowLeft'],
      when: () => dock.tabs.length > 1,
      perform: () => dock.step(-1),
    },
    {
      id: 'app.dockClose',
      label: 'app.commands.dockClose',
      group,
      keys: ['Alt+Shift+W'],
      when: () => dock.active !== undefined,
      perform: () => dock.active !== undefined && dock.close(dock.active),
    },
  ]);
  return null;
}
