import { createContext, useCallback, useContext } from 'react';
import { create } from 'zustand';
import type { ObjectRef } from '../../core/cluster/resources/contract.ts';
import type { MenuGroup } from '../ui/index.ts';
import type { Feature } from './feature.ts';
import { useClusters } from './scope.ts';

/** The frame's features, for whoever shows objects: a feature may not import another one. */
export const FeaturesContext = createContext<readonly Feature[]>([]);

const useVersion = create<{ version: number }>(() => ({ version: 0 }));

/** To be called when a feature would now answer otherwise: what a user may do was learnt, for example. */
export function objectActionsChanged(): void {
  useVersion.setState(({ version }) => ({ version: version + 1 }));
}

/** Tells what can be done with one object, or with several at once: a group a feature, in the order of the rail. */
export function useObjectActions(): (objects: readonly ObjectRef[]) => MenuGroup[] {
  const features = useContext(FeaturesContext);
  const { byId } = useClusters();
  const version = useVersion((state) => state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another version features answer otherwise
  return useCallback(
    (objects) =>
      features.flatMap(({ id, objectActions }) => {
        const actions = objectActions?.(objects, (cluster) => byId.get(cluster)) ?? [];
        return actions.length === 0 ? [] : [{ id, actions }];
      }),
    [features, byId, version],
  );
}
