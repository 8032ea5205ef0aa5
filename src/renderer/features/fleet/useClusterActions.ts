import { Copy, LayoutList, Pin, PinOff, Plug, Shield, ShieldOff, Star, StarOff, Unplug } from 'lucide-react';
import { useCallback, useContext, useMemo } from 'react';
import { toast } from 'sonner';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { FeaturesContext } from '../../app/objectActions.ts';
import { formatLocation, navigate, pathOf, toDeepLink } from '../../app/router.ts';
import { toError, useClient } from '../../client/index.ts';
import { copyText, type MenuGroup, t } from '../../ui/index.ts';
import { isOpen } from './model.ts';

export interface ClusterActions {
  open(clusters: readonly string[]): void;
  close(clusters: readonly string[]): void;
  approve(cluster: string, hash: string): void;
  update(cluster: string, change: ClusterChange): Promise<boolean>;
  menu(cluster: Cluster): MenuGroup[];
}

export interface ClusterChange {
  alias?: string;
  group?: string;
  color?: 'slate' | 'blue' | 'teal' | 'green' | 'olive' | 'amber' | 'orange' | 'red' | 'pink' | 'violet';
  favorite?: boolean;
  pinned?: boolean;
  protected?: boolean;
  namespaces?: string[] | null;
}

/** Where a cluster's lists begin. */
export function listAddress(cluster: string, kind = 'pods', filter?: string): string {
  return formatLocation(pathOf('/resources/:kind', { kind }), {
    clusters: cluster,
    ...(filter !== undefined && { filter }),
  });
}

/** What can be done with clusters. What fails is told as a toast: the card shows the engine's state meanwhile. */
export function useClusterActions(): ClusterActions {
  const { fleet } = useClient();
  const features = useContext(FeaturesContext);
  const attempt = useCallback(async (what: string, action: () => Promise<unknown>): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (thrown) {
      const error = toError(thrown);
      toast.error(t(`fleet.failed.${what}`), { description: [error.message, error.hint].filter(Boolean).join(' ') });
      return false;
    }
  }, []);
  return useMemo(() => {
    const actions: ClusterActions = {
      open: (clusters) => void attempt('open', () => fleet.open({ clusters: [...clusters] })),
      close: (clusters) => void attempt('close', () => fleet.close({ clusters: [...clusters] })),
      approve: (cluster, hash) =>
        void attempt('approve', async () => {
          await fleet.approve({ cluster, hash });
          await fleet.open({ clusters: [cluster] });
        }),
      update: (cluster, change) => attempt('update', () => fleet.update({ cluster, ...change })),
      menu: (cluster) => [
        {
          id: 'go',
          actions: [
            {
              id: 'browse',
              label: t('fleet.browse'),
              icon: LayoutList,
              disabled: cluster.lastLive === null,
              perform: () => navigate(listAddress(cluster.key)),
            },
            isOpen(cluster)
              ? { id: 'close', label: t('fleet.close'), icon: Unplug, perform: () => actions.close([cluster.key]) }
              : { id: 'open', label: t('fleet.open'), icon: Plug, perform: () => actions.open([cluster.key]) },
          ],
        },
        { id: 'features', actions: features.flatMap(({ clusterActions }) => clusterActions?.(cluster) ?? []) },
        {
          id: 'marks',
          actions: [
            {
              id: 'favorite',
              label: t(cluster.favorite ? 'fleet.unstar' : 'fleet.star'),
              icon: cluster.favorite ? StarOff : Star,
              perform: () => void actions.update(cluster.key, { favorite: !cluster.favorite }),
            },
            {
              id: 'pinned',
              label: t(cluster.pinned ? 'fleet.unpin' : 'fleet.pin'),
              icon: cluster.pinned ? PinOff : Pin,
              perform: () => void actions.update(cluster.key, { pinned: !cluster.pinned }),
            },
            {
              id: 'protected',
              label: t(cluster.protected ? 'fleet.unprotect' : 'fleet.protect'),
              icon: cluster.protected ? ShieldOff : Shield,
              perform: () => void actions.update(cluster.key, { protected: !cluster.protected }),
            },
          ],
        },
        {
          id: 'copy',
          actions: [
            { id: 'copyContext', label: t('fleet.copyContext'), icon: Copy, perform: () => copy(cluster.context) },
            { id: 'copyServer', label: t('fleet.copyServer'), icon: Copy, perform: () => copy(cluster.server) },
            {
              id: 'copyLink',
              label: t('fleet.copyLink'),
              icon: Copy,
              perform: () => copy(toDeepLink(pathOf('/clusters/:cluster', { cluster: cluster.key }))),
            },
          ],
        },
      ],
    };
    return actions;
  }, [fleet, features, attempt]);
}

function copy(text: string): void {
  copyText(text).then(
    () => toast(t('ui.copied')),
    () => toast.error(t('ui.copyFailed')),
  );
}
