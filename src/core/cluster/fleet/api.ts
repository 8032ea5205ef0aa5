import type { Implementations } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { Kubeconfig, Protection } from '../../kube/kubeconfig/index.ts';
import type { Cluster, fleet } from './contract.ts';
import type { Fleet } from './fleet.ts';

/** The fleet's procedures. */
export function createFleetApi(
  model: Fleet,
  kubeconfig: Kubeconfig,
  protection: Protection,
): Implementations<typeof fleet> {
  return {
    clusters() {
      const changed = new Emitter<void>();
      let rev = 1;
      const subscription = model.onRows(() => {
        rev++;
        changed.fire();
      });
      return {
        read() {
          const rows = model.rows();
          return {
            rev,
            head: { problems: kubeconfig.problems.map((problem) => ({ ...problem })), groups: groupsOf(rows) },
            rows,
          };
        },
        onChange: changed.event,
        dispose() {
          subscription.dispose();
          changed.dispose();
        },
      };
    },
    open({ clusters }) {
      model.open(clusters);
      return {};
    },
    close({ clusters }) {
      model.close(clusters);
      return {};
    },
    async approve({ cluster, hash }) {
      await model.approve(cluster, hash);
      return {};
    },
    consents: async () => ({ groups: await model.consents() }),
    async approveAll({ consents }) {
      await model.approveAll(consents);
      return {};
    },
    async update({ cluster, ...change }) {
      await model.update(cluster, change);
      return {};
    },
    settings: () => model.settings(),
    async configure(change) {
      await model.configure(change);
      return {};
    },
    sources: () => ({ sources: kubeconfig.sources.map((source) => ({ ...source })) }),
    addSource: (input) =>
      'path' in input ? kubeconfig.addPath(input.path) : kubeconfig.addText(input.text, input.name),
    async removeSource({ id }) {
      await kubeconfig.remove(id);
      return {};
    },
    protection: () => protection.state(),
    async unlock({ passphrase }) {
      await protection.unlock(passphrase);
      await kubeconfig.reopen();
      return {};
    },
    async protect({ passphrase }) {
      await protection.protect(passphrase);
      return {};
    },
    async unprotect({ discard }) {
      await protection.unprotect(discard);
      await kubeconfig.reopen();
      return {};
    },
  };
}

function groupsOf(rows: readonly Cluster[]): string[] {
  return [...new Set(rows.map((row) => row.group).filter((group) => group !== ''))].sort();
}
