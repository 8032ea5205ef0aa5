import type { Implementations } from '../../kernel/contract.ts';
import type { upgrades } from './contract.ts';
import type { Upgrades } from './upgrades.ts';

export function upgradesApi(all: Upgrades): Implementations<typeof upgrades> {
  return {
    fleet: (wanted) => all.follow(wanted),
    async check({ cluster, target }) {
      await all.check(cluster, target);
      return {};
    },
    cancel({ cluster }) {
      all.cancel(cluster);
      return {};
    },
    async setTarget({ cluster, target }) {
      await all.setTarget(cluster, target);
      return {};
    },
    async tick({ cluster, step, done }) {
      await all.tick(cluster, step, done);
      return {};
    },
    report: ({ cluster }) => ({ report: all.report(cluster) }),
    markdown: ({ cluster }) => ({ text: all.markdown(cluster) }),
  };
}
