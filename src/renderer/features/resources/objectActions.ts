import { Braces, Copy, ExternalLink, Link2, SquareTerminal } from 'lucide-react';
import { toast } from 'sonner';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Command } from '../../app/commands.ts';
import { navigate, toDeepLink } from '../../app/router.ts';
import { copyText, type MenuAction, type MenuGroup, t } from '../../ui/index.ts';
import { objectPath } from './address.ts';
import { kubectlGet } from './kubectl.ts';

/** Copies and says what was copied; says so too when the clipboard is refused. */
export function copyAs(what: string, text: string): void {
  copyText(text).then(
    () => toast(t('resources.objectActions.copied', { what })),
    () =>
      toast.error(t('resources.objectActions.theClipboardIsNotAvailable'), {
        description: t('resources.objectActions.selectTheTextAndCopy'),
      }),
  );
}

/** What can be done with any object without changing it. Menus and commands are made from these. */
export function objectActions(
  objects: readonly ObjectRef[],
  clusterOf: (id: string) => Cluster | undefined,
): MenuAction[] {
  const [object] = objects;
  if (object === undefined || objects.length > 1) return [];
  const cluster = clusterOf(object.cluster);
  return [
    {
      id: 'resources.openPage',
      label: t('resources.objectActions.openAsPage'),
      icon: ExternalLink,
      keys: 'Mod+Enter',
      perform: () => navigate(objectPath(object)),
    },
    {
      id: 'resources.yaml',
      label: t('resources.objectActions.yaml'),
      icon: Braces,
      keys: 'y',
      perform: () => navigate(objectPath(object, 'yaml')),
    },
    {
      id: 'resources.copyName',
      label: t('resources.objectActions.copyName'),
      icon: Copy,
      keys: 'c',
      perform: () => copyAs(t('resources.objectActions.name'), object.name),
    },
    ...(object.namespace === ''
      ? []
      : [
          {
            id: 'resources.copyFullName',
            label: t('resources.objectActions.copyNamespaceName'),
            icon: Copy,
            perform: () => copyAs(t('resources.objectActions.namespaceAndName'), `${object.namespace}/${object.name}`),
          },
        ]),
    {
      id: 'resources.copyLink',
      label: t('resources.objectActions.copyLink'),
      icon: Link2,
      perform: () => copyAs(t('resources.objectActions.link'), toDeepLink(objectPath(object))),
    },
    {
      id: 'resources.copyKubectl',
      label: t('resources.objectActions.copyKubectlCommand'),
      icon: SquareTerminal,
      keys: 'Shift+C',
      perform: () =>
        copyAs(
          t('resources.objectActions.kubectlCommand'),
          kubectlGet({ context: cluster?.context ?? object.cluster, ...object }),
        ),
    },
  ];
}

/** The same actions for the palette and the keys; a screen says when they apply and does them by id. */
export function actionCommands(
  groups: readonly MenuGroup[],
  own: { when?(): boolean; perform(id: string): void },
): Command[] {
  return groups.flatMap(({ id: feature, actions }) =>
    actions.map((action) => ({
      id: action.id,
      label: 'app.objectAction',
      labelValues: { action: action.label },
      group: `${feature}.group`,
      ...(action.keys !== undefined && { keys: [action.keys] }),
      ...(action.icon !== undefined && { icon: action.icon }),
      ...(own.when !== undefined && { when: own.when }),
      perform: () => own.perform(action.id),
    })),
  );
}

/** Does an action by its id; one that is disabled says why. */
export function performAction(groups: readonly MenuGroup[], id: string): void {
  const action = groups.flatMap(({ actions }) => actions).find((it) => it.id === id);
  if (action === undefined) return;
  if (action.disabled !== true) action.perform();
  else toast.error(action.label, { description: action.reason });
}
