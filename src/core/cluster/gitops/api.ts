import type { Implementations } from '../../kernel/contract.ts';
import type { gitops } from './contract.ts';
import type { Gitops } from './gitops.ts';

export function gitopsApi(all: Gitops): Implementations<typeof gitops> {
  return {
    deliveries: (wanted) => all.deliveries(wanted),
    parts: (wanted) => all.parts(wanted),
    promotions: (wanted) => all.promotions(wanted),
    delivery: ({ object }, { signal }) => all.delivery(object, signal),
    tree: ({ object }, { signal }) => all.tree(object, signal),
    diff: ({ object }, { signal }) => all.diff(object, signal),
  };
}
