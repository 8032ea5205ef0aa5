import { FilePen, FolderOpen } from 'lucide-react';
import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';
import { useDock } from '../../state/dock.ts';
import { t } from '../../ui/index.ts';
import { reasonAgainst } from './allowed.ts';
import { Presence } from './Presence.tsx';
import { readSubject, writeSubject } from './subject.ts';

export const manifests: Feature = {
  id: 'manifests',
  routes: [],
  Presence,
  dock: {
    edit: {
      icon: FilePen,
      title(written) {
        const subject = readSubject(written);
        return 'object' in subject ? subject.object.name : t('manifests.new');
      },
      Panel: lazy(async () => ({ default: (await import('./EditPanel.tsx')).EditPanel })),
    },
    folder: {
      icon: FolderOpen,
      title: () => t('manifests.folder.title'),
      Panel: lazy(async () => ({ default: (await import('./folder/FolderPanel.tsx')).FolderPanel })),
    },
  },
  objectActions(objects) {
    const [object] = objects;
    if (object === undefined || objects.length > 1) return [];
    const reason = reasonAgainst(object);
    return [
      {
        id: 'manifests.edit',
        label: t('manifests.edit'),
        icon: FilePen,
        keys: 'e',
        ...(reason !== undefined && { disabled: true, reason }),
        perform: () => useDock.getState().show('edit', writeSubject({ object })),
      },
    ];
  },
};
