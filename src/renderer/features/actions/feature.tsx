import {
  Ban,
  CirclePause,
  CirclePlay,
  History,
  ImageUp,
  type LucideIcon,
  PlayIcon,
  RotateCw,
  Scaling,
  ServerOff,
  StickyNote,
  Tags,
  Trash2,
} from 'lucide-react';
import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';
import { t } from '../../ui/index.ts';
import { actionsFor, useAsked } from './catalog.ts';
import { Presence } from './Presence.tsx';

const icons: Record<string, LucideIcon> = {
  scale: Scaling,
  restart: RotateCw,
  setImage: ImageUp,
  rollback: History,
  pause: CirclePause,
  resume: CirclePlay,
  suspend: CirclePause,
  unsuspend: CirclePlay,
  trigger: PlayIcon,
  cordon: Ban,
  uncordon: CirclePlay,
  drain: ServerOff,
  labels: Tags,
  annotations: StickyNote,
  delete: Trash2,
};

/** Muscle memory of k9s where the letter is free. */
const keys: Record<string, string> = { restart: 'r', scale: 'Shift+K', delete: 'Mod+D', cordon: 'u', drain: 'Shift+D' };

export const actions: Feature = {
  id: 'actions',
  routes: [
    {
      pattern: '/changes',
      page: lazy(async () => ({ default: (await import('./ChangesPage.tsx')).ChangesPage })),
    },
  ],
  Presence,
  objectActions: (objects) =>
    actionsFor(objects).map(({ info, reason }) => ({
      id: `actions.${info.id}`,
      label: `${t(`actions.title.${info.id}`)}${info.plain && !info.danger ? '' : '…'}`,
      ...(icons[info.id] !== undefined && { icon: icons[info.id] as LucideIcon }),
      ...(keys[info.id] !== undefined && { keys: keys[info.id] }),
      danger: info.danger,
      ...(reason !== undefined && { disabled: true, reason }),
      perform: () => useAsked.getState().ask({ action: info, objects }),
    })),
};
