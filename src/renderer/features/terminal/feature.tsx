import { Bug, Plug, SquareTerminal } from 'lucide-react';
import { lazy } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Feature } from '../../app/feature.ts';
import { useDock } from '../../state/dock.ts';
import { type MenuAction, t } from '../../ui/index.ts';
import { reasonAgainst, useAsked } from './asked.ts';
import { Presence } from './Presence.tsx';
import { readTarget, writeTarget } from './target.ts';

/** More tabs at once than anybody looks at. */
const mostAtOnce = 12;

export const terminal: Feature = {
  id: 'terminal',
  routes: [],
  Presence,
  dock: {
    terminal: {
      icon: SquareTerminal,
      title: (subject) => readTarget(subject)?.object.name ?? t('terminal.title'),
      Panel: lazy(async () => ({ default: (await import('./TerminalPanel.tsx')).TerminalPanel })),
    },
  },
  objectActions(objects) {
    const [first] = objects;
    if (first === undefined || objects.length > mostAtOnce) return [];
    if (objects.every(({ kind }) => kind === 'pods')) return podActions(objects, first);
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
};

function podActions(objects: readonly ObjectRef[], first: ObjectRef): MenuAction[] {
  const open = (mode: 'exec' | 'attach') => () => {
    for (const object of objects) useDock.getState().show('terminal', writeTarget({ mode, object }));
  };
  const actions: MenuAction[] = [
    {
      id: 'terminal.shell',
      label: t('terminal.shell'),
      icon: SquareTerminal,
      keys: 's',
      ...refused(reasonAgainst('exec', objects)),
      perform: open('exec'),
    },
    {
      id: 'terminal.attach',
      label: t('terminal.attach'),
      icon: Plug,
      keys: 'a',
      ...refused(reasonAgainst('attach', objects)),
      perform: open('attach'),
    },
  ];
  if (objects.length > 1) return actions;
  return [
    ...actions,
    {
      id: 'terminal.debug',
      label: t('terminal.debug.open'),
      icon: Bug,
      ...refused(reasonAgainst('debug', objects)),
      perform: () => useAsked.getState().ask(first),
    },
  ];
}

function refused(reason: string | undefined): Partial<MenuAction> {
  return reason === undefined ? {} : { disabled: true, reason };
}
