import { Braces, Copy, ExternalLink, Link2, SquareTerminal } from 'lucide-react';
import { toast } from 'sonner';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Command } from '../../app/commands.ts';
import { navigate, toDeepLink } from '../../app/router.ts';
import { copyText, type MenuAction } from '../../ui/index.ts';
import { objectPath } from './address.ts';
import { kubectlGet } from './kubectl.ts';

/** Copies and says what was copied; says so too when the clipboard is refused. */
export function copyAs(what: string, text: string): void {
  copyText(text).then(
    () => toast(`${what} copied`),
    () =>
      toast.error('The clipboard is not available', { description: 'Select the text and copy it with the keyboard.' }),
  );
}

/** What can be done with any object without changing it. Menus and commands are made from these. */
export function objectActions(object: ObjectRef, cluster: Cluster | undefined): MenuAction[] {
  return [
    {
      id: 'resources.openPage',
      label: 'Open as page',
      icon: ExternalLink,
      keys: 'Mod+Enter',
      perform: () => navigate(objectPath(object)),
    },
    {
      id: 'resources.yaml',
      label: 'YAML',
      icon: Braces,
      keys: 'y',
      perform: () => navigate(objectPath(object, 'yaml')),
    },
    { id: 'resources.copyName', label: 'Copy name', icon: Copy, keys: 'c', perform: () => copyAs('Name', object.name) },
    ...(object.namespace === ''
      ? []
      : [
          {
            id: 'resources.copyFullName',
            label: 'Copy namespace/name',
            icon: Copy,
            perform: () => copyAs('Namespace and name', `${object.namespace}/${object.name}`),
          },
        ]),
    {
      id: 'resources.copyLink',
      label: 'Copy link',
      icon: Link2,
      perform: () => copyAs('Link', toDeepLink(objectPath(object))),
    },
    {
      id: 'resources.copyKubectl',
      label: 'Copy kubectl command',
      icon: SquareTerminal,
      keys: 'Shift+C',
      perform: () => copyAs('kubectl command', kubectlGet({ context: cluster?.context ?? object.cluster, ...object })),
    },
  ];
}

/** The same actions for the palette and the keys; a screen says when they apply and does them by id. */
export function actionCommands(
  actions: readonly MenuAction[],
  own: { when?(): boolean; perform(id: string): void },
): Command[] {
  return actions.map((action) => ({
    id: action.id,
    label: `resources.commands.${action.id.slice('resources.'.length)}`,
    group: 'resources.group',
    ...(action.keys !== undefined && { keys: [action.keys] }),
    ...(action.icon !== undefined && { icon: action.icon }),
    ...(own.when !== undefined && { when: own.when }),
    perform: () => own.perform(action.id),
  }));
}
