import { useLive } from '../client/index.ts';
import { useLayout } from '../state/layout.ts';
import { useOverlays } from '../state/overlays.ts';
import { usePreferences } from '../state/preferences.ts';
import { useRecentNamespaces } from '../state/recentNamespaces.ts';
import { type Command, useCommands } from './commands.ts';
import { goToLast, location, navigate } from './router.ts';
import { setScope, useScope } from './scope.ts';

/** What can be done from anywhere. */
export function FrameCommands() {
  const overlays = useOverlays();
  const layout = useLayout();
  const { preferences, update } = usePreferences();
  const change = (part: Parameters<typeof update>[0]) => () => void update(part).catch(() => undefined);
  const dark = document.documentElement.dataset.theme === 'dark';
  const namespaces = useNumberedNamespaces();

  const commands: Command[] = [
    {
      id: 'app.palette',
      label: 'app.commands.palette',
      group: 'app.groups.general',
      keys: ['Mod+K'],
      quiet: true,
      perform: () => overlays.openPalette(),
    },
    {
      id: 'app.commands',
      label: 'app.commands.commands',
      group: 'app.groups.general',
      keys: ['Mod+Shift+P'],
      quiet: true,
      perform: () => overlays.openPalette('>'),
    },
    {
      id: 'app.jump',
      label: 'app.commands.jump',
      group: 'app.groups.go',
      keys: [':'],
      quiet: true,
      perform: () => overlays.openPalette(':'),
    },
    {
      id: 'app.help',
      label: 'app.commands.help',
      group: 'app.groups.general',
      keys: ['?'],
      perform: () => overlays.openHelp(),
    },
    {
      id: 'app.fleet',
      label: 'app.commands.fleet',
      group: 'app.groups.go',
      keys: ['Alt+1'],
      perform: () => navigate('/fleet'),
    },
    {
      id: 'app.resources',
      label: 'app.commands.resources',
      group: 'app.groups.go',
      keys: ['Alt+2'],
      perform: () => navigate('/resources/pods'),
    },
    {
      id: 'app.settings',
      label: 'app.commands.settings',
      group: 'app.groups.go',
      keys: ['Mod+,'],
      perform: () => navigate('/settings/appearance'),
    },
    {
      id: 'app.back',
      label: 'app.commands.back',
      group: 'app.groups.go',
      keys: ['[', 'Mod+['],
      perform: () => window.history.back(),
    },
    {
      id: 'app.forward',
      label: 'app.commands.forward',
      group: 'app.groups.go',
      keys: [']', 'Mod+]'],
      perform: () => window.history.forward(),
    },
    {
      id: 'app.out',
      label: 'app.commands.out',
      group: 'app.groups.go',
      keys: ['Escape'],
      quiet: true,
      when: () => /^\/(?:clusters|objects)\//u.test(location().path),
      perform: () => window.history.back(),
    },
    { id: 'app.last', label: 'app.commands.last', group: 'app.groups.go', keys: ['-'], perform: goToLast },
    {
      id: 'app.sections',
      label: layout.sectionsOpen ? 'app.commands.hideSections' : 'app.commands.showSections',
      group: 'app.groups.view',
      keys: ['Mod+B'],
      perform: () => layout.set({ sectionsOpen: !layout.sectionsOpen }),
    },
    {
      id: 'app.theme',
      label: dark ? 'app.commands.light' : 'app.commands.dark',
      group: 'app.groups.view',
      perform: change({ theme: dark ? 'light' : 'dark' }),
    },
    {
      id: 'app.density',
      label: preferences.density === 'compact' ? 'app.commands.comfortable' : 'app.commands.compact',
      group: 'app.groups.view',
      perform: change({ density: preferences.density === 'compact' ? 'comfortable' : 'compact' }),
    },
    {
      id: 'app.times',
      label: preferences.time === 'relative' ? 'app.commands.absoluteTimes' : 'app.commands.relativeTimes',
      group: 'app.groups.view',
      perform: change({ time: preferences.time === 'relative' ? 'absolute' : 'relative' }),
    },
    {
      id: 'app.allClusters',
      label: 'app.commands.allClusters',
      group: 'app.groups.scope',
      perform: () => setScope({ clusters: undefined }),
    },
    {
      id: 'app.namespace0',
      label: 'app.commands.allNamespaces',
      group: 'app.groups.scope',
      keys: ['0'],
      perform: () => setScope({ namespaces: undefined }),
    },
    ...Array.from({ length: 9 }, (_, index): Command => {
      const namespace = namespaces[index];
      return {
        id: `app.namespace${index + 1}`,
        label: namespace === undefined ? 'app.commands.namespaceFree' : 'app.commands.namespace',
        labelValues: { name: namespace ?? String(index + 1) },
        group: 'app.groups.scope',
        keys: [String(index + 1)],
        quiet: true,
        when: () => namespace !== undefined,
        perform: () => namespace !== undefined && setScope({ namespaces: [namespace] }),
      };
    }),
  ];
  useCommands(commands);
  return null;
}

/** Namespaces for the keys 1 to 9: those used last, then the rest in order of name. */
function useNumberedNamespaces(): readonly string[] {
  const { clusters, namespaces } = useScope();
  const { head } = useLive((client) => client.resources.kinds, clusters === undefined ? {} : { clusters });
  const recent = useRecentNamespaces(namespaces);
  const known = head?.namespaces ?? [];
  const first = recent.filter((name) => known.includes(name));
  return [...first, ...[...known].sort().filter((name) => !first.includes(name))].slice(0, 9);
}
