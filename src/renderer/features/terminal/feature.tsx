import { Boxes, Bug, Plug, SquareTerminal } from 'lucide-react';
import { lazy } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Feature } from '../../app/feature.ts';
import { desktop } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { type MenuAction, t } from '../../ui/index.ts';
import { reasonAgainst, useAsked } from './asked.ts';
import { Presence } from './Presence.tsx';
import { openLocal, openSeveral } from './several.ts';
import { readTarget, writeTarget } from './target.ts';

/** More tabs at once than anybody looks at. */
const mostAtOnce = 12;

/** What has pods: a shell is opened in one that is ready. */
const workloads = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'services',
  'replicationcontrollers',
]);

export const terminal: Feature = {
  id: 'terminal',
  routes: [
    {
      pattern: '/recordings',
      page: lazy(async () => ({ default: (await import('./RecordingsPage.tsx')).RecordingsPage })),
    },
    {
      pattern: '/recordings/:key',
      page: lazy(async () => ({ default: (await import('./PlayerPage.tsx')).PlayerPage })),
    },
  ],
  Presence,
  dock: {
    terminal: {
      icon: SquareTerminal,
      title(subject) {
        const target = readTarget(subject);
        return target?.mode === 'local' ? t('terminal.local.title') : (target?.object.name ?? t('terminal.title'));
      },
      Panel: lazy(async () => ({ default: (await import('./TerminalPanel.tsx')).TerminalPanel })),
    },
  },
  objectActions(objects) {
    const [first] = objects;
    if (first === undefined || objects.length > mostAtOnce) return [];
    if (objects.every(({ kind }) => kind === 'pods' || workloads.has(kind))) return podActions(objects, first);
    if (first.kind === 'nodes' && objects.length === 1) {
      return [
        {
          id: 'terminal.node',
          label: t('terminal.node.open'),
          icon: SquareTerminal,
          keys: 's',
          ...refused(reasonAgainst('node', objects)),
          perform: () => useAsked.getState().ask(first),
        },
      ];
    }
    return [];
  },
  clusterActions(cluster: Cluster) {
    // In a browser there is nothing to give, and no use in saying so.
    if (desktop() === undefined) return [];
    return [
      {
        id: 'terminal.local',
        label: t('terminal.local.open'),
        icon: SquareTerminal,
        keys: 'Alt+T',
        disabled: cluster.state !== 'live',
        ...(cluster.state !== 'live' && { reason: t('terminal.local.notLive') }),
        perform: () => openLocal(cluster.key),
      },
    ];
  },
};

function podActions(objects: readonly ObjectRef[], first: ObjectRef): MenuAction[] {
  const open = (mode: 'exec' | 'attach') => () => {
    for (const object of objects) useDock.getState().show('terminal', writeTarget({ mode, object }));
  };
  const shell: MenuAction = {
    id: 'terminal.shell',
    label: t('terminal.shell'),
    icon: SquareTerminal,
    keys: 's',
    ...refused(reasonAgainst('exec', objects)),
    perform: open('exec'),
  };
  const together: MenuAction = {
    id: 'terminal.together',
    label: t('terminal.shellTogether'),
    icon: Boxes,
    keys: 'Shift+S',
    ...refused(reasonAgainst('exec', objects)),
    perform: () => openSeveral(objects),
  };
  const attach: MenuAction = {
    id: 'terminal.attach',
    label: t('terminal.attach'),
    icon: Plug,
    keys: 'a',
    ...refused(reasonAgainst('attach', objects)),
    perform: open('attach'),
  };
  const debug: MenuAction = {
    id: 'terminal.debug',
    label: t('terminal.debug.open'),
    icon: Bug,
    ...refused(reasonAgainst('debug', objects)),
    perform: () => useAsked.getState().ask(first),
  };
  const several = objects.length > 1 || first.kind !== 'pods';
  return [shell, ...(several ? [together] : []), attach, ...(objects.length === 1 ? [debug] : [])];
}

function refused(reason: string | undefined): Partial<MenuAction> {
  return reason === undefined ? {} : { disabled: true, reason };
}
