import type { Implementations } from '../../kernel/contract.ts';
import type { Changes } from '../changes/index.ts';
import type { Sources } from '../topology/index.ts';
import type { namespaces } from './contract.ts';
import { readContents, readDetail } from './detail.ts';
import { followNamespaces } from './list.ts';
import { planOf, previewOf } from './plans.ts';
import type { NamespaceTemplates } from './templates.ts';

interface NamespaceSources extends Sources {
  changes: Changes;
}

export function namespacesApi(
  sources: NamespaceSources,
  templates: NamespaceTemplates,
): Implementations<typeof namespaces> {
  const { fleet, changes } = sources;
  return {
    list: (wanted) => followNamespaces(sources, wanted),
    detail: (wanted, { signal }) => readDetail(fleet, wanted, signal),
    contents: (wanted, { signal }) => readContents(fleet, wanted, signal),
    templates: () => templates.follow(),
    async saveTemplate({ template }) {
      await templates.save(template);
      return {};
    },
    async removeTemplate({ key }) {
      await templates.remove(key);
      return {};
    },
    preview: async ({ operation }, { signal }) => ({
      targets: await previewOf(fleet, operation, signal),
      confirmation: changes.confirmation(planOf(fleet, operation)),
    }),
    run: ({ operation, confirmed }, { principal }) => ({
      run: changes.start(planOf(fleet, operation), { principal, confirmed }),
    }),
  };
}
