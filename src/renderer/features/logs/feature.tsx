import { ScrollText } from 'lucide-react';
import { lazy } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { useDock } from '../../state/dock.ts';
import { type MenuAction, t } from '../../ui/index.ts';
import { Presence } from './Presence.tsx';
import { readSubject, subjectName, writeSubject } from './subject.ts';

/** Kinds that have pods. */
const withPods = new Set([
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'cronjobs.batch',
  'services',
]);

/** One tab shows this many at most. */
const mostObjects = 100;

function actionsOf(objects: readonly ObjectRef[]): MenuAction[] {
  if (objects.length === 0 || !objects.every(({ kind }) => withPods.has(kind))) return [];
  const tooMany = objects.length > mostObjects;
  const open = (previous: boolean) => () => {
    useDock.getState().show('logs', writeSubject({ objects, previous }));
  };
  const refused = tooMany ? { disabled: true, reason: t('logs.tooMany', { most: mostObjects }) } : {};
  return [
    { id: 'logs.open', label: t('logs.open'), icon: ScrollText, keys: 'l', ...refused, perform: open(false) },
    {
      id: 'logs.previous',
      label: t('logs.openPrevious'),
      icon: ScrollText,
      keys: 'p',
      ...refused,
      perform: open(true),
    },
  ];
}

export const logs: Feature = {
  id: 'logs',
  chapter: { title: 'logs.chapter', icon: ScrollText, path: '/logs' },
  routes: [{ pattern: '/logs', ...lazyPage(async () => (await import('./CapturedPage.tsx')).CapturedPage) }],
  Presence,
  objectActions: actionsOf,
  dock: {
    logs: {
      icon: ScrollText,
      title: (subject) => subjectName(readSubject(subject)),
      Panel: lazy(async () => ({ default: (await import('./LogsPanel.tsx')).LogsPanel })),
    },
  },
};
