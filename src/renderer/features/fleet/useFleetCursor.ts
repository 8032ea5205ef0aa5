import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/router.ts';
import { isOpen } from './model.ts';
import { type ClusterActions, listAddress } from './useClusterActions.ts';

/** The clusters on the page in their order, and which of them has the focus. */
function clustersOnPage(): { elements: HTMLElement[]; at: number } {
  const elements = [...document.querySelectorAll<HTMLElement>('[data-cluster]')];
  return { elements, at: elements.findIndex((element) => element.contains(document.activeElement)) };
}

function focus(element: HTMLElement | undefined): void {
  element?.querySelector('a')?.focus();
  element?.scrollIntoView({ block: 'nearest' });
}

/** Moves from cluster to cluster by keys, in cards and in the table; Enter on a name opens its page. */
export function useFleetCursor(clusters: ReadonlyMap<string, Cluster>, actions: ClusterActions): void {
  const focused = (): Cluster | undefined => {
    const { elements, at } = clustersOnPage();
    return clusters.get(elements[at]?.dataset.cluster ?? '');
  };
  const move = (to: (at: number, last: number) => number) => () => {
    const { elements, at } = clustersOnPage();
    const last = elements.length - 1;
    focus(elements[Math.min(last, Math.max(0, to(at, last)))]);
  };
  const shared = { group: 'fleet.title', quiet: true } as const;
  const isFocused = () => focused() !== undefined;
  const next = move((at) => at + 1);
  const previous = move((at) => at - 1);
  useCommands([
    { ...shared, id: 'fleet.next', label: 'fleet.commands.next', keys: ['j'], perform: next },
    { ...shared, id: 'fleet.previous', label: 'fleet.commands.previous', keys: ['k'], perform: previous },
    { ...shared, id: 'fleet.down', label: 'fleet.commands.next', keys: ['ArrowDown'], when: isFocused, perform: next },
    {
      ...shared,
      id: 'fleet.up',
      label: 'fleet.commands.previous',
      keys: ['ArrowUp'],
      when: isFocused,
      perform: previous,
    },
    { ...shared, id: 'fleet.first', label: 'fleet.commands.first', keys: ['g'], perform: move(() => 0) },
    { ...shared, id: 'fleet.last', label: 'fleet.commands.last', keys: ['G'], perform: move((_, last) => last) },
    {
      ...shared,
      id: 'fleet.toggle',
      label: 'fleet.commands.toggle',
      keys: ['o'],
      when: () => isFocused() && focused()?.state !== 'needsConsent',
      perform: () => {
        const cluster = focused();
        if (cluster === undefined) return;
        if (cluster.state === 'live' || cluster.state === 'connecting') actions.close([cluster.key]);
        else actions.open([cluster.key]);
      },
    },
    {
      ...shared,
      id: 'fleet.browse',
      label: 'fleet.commands.browse',
      keys: ['b'],
      when: () => {
        const cluster = focused();
        return cluster !== undefined && isOpen(cluster);
      },
      perform: () => {
        const cluster = focused();
        if (cluster !== undefined) navigate(listAddress(cluster.key));
      },
    },
    {
      ...shared,
      id: 'fleet.favorite',
      label: 'fleet.commands.favorite',
      keys: ['f'],
      when: isFocused,
      perform: () => {
        const cluster = focused();
        if (cluster !== undefined) void actions.update(cluster.key, { favorite: !cluster.favorite });
      },
    },
  ]);
}
