import { toast } from 'sonner';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { type KubeSageClient, toError } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { t } from '../../ui/index.ts';
import { writeTarget } from './target.ts';
import { together } from './together.ts';

/** More than this in one go is a mistake more often than it is meant. */
const mostTogether = 20;

let client: KubeSageClient | undefined;

export function openWith(from: KubeSageClient): void {
  client = from;
}

/** A shell in every running pod of these, which are typed into together. What goes wrong is told. */
export function openSeveral(objects: readonly ObjectRef[]): void {
  open(objects).catch((error: unknown) => {
    toast.error(t('terminal.severalFailed'), { description: toError(error).message });
  });
}

async function open(objects: readonly ObjectRef[]): Promise<void> {
  const from = client;
  if (from === undefined) return;
  const found = await Promise.all(
    objects.map(async (object) => {
      if (object.kind === 'pods') return [object];
      const { pods } = await from.terminal.pods({ object });
      return pods.map(({ name }) => ({ ...object, kind: 'pods', name }));
    }),
  );
  const all = [...new Map(found.flat().map((pod) => [JSON.stringify(pod), pod])).values()];
  if (all.length === 0) {
    toast(t('terminal.noPods'));
    return;
  }
  const pods = all.slice(0, mostTogether);
  if (pods.length < all.length) toast(t('terminal.firstPods', { count: pods.length, total: all.length }));
  const { show, activate, setBeside } = useDock.getState();
  const tabs = pods.map((object) => show('terminal', writeTarget({ mode: 'exec', object })));
  const [first, second] = tabs;
  if (first !== undefined) activate(first);
  // Two are seen at once; what is typed goes to all.
  setBeside(second);
  if (tabs.length > 1) together(tabs);
}

/** A shell on this computer with the cluster's context; another one where there is one already. */
export function openLocal(cluster: string): void {
  const object = { cluster, kind: 'clusters', namespace: '', name: '' };
  useDock.getState().show('terminal', writeTarget({ mode: 'local', object }), true);
}
