import { z } from 'zod';
import type { LiveSource } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { Document, Documents } from '../../platform/settings/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Sources } from '../topology/index.ts';
import { NamespaceTemplate } from './contract.ts';
import { firstTemplates } from './templates.ts';

const Kept = z.object({ templates: z.array(NamespaceTemplate).default([...firstTemplates]) });
type Kept = z.infer<typeof Kept>;

export interface NamespaceSources extends Sources {
  changes: Changes;
}

export interface Templates {
  follow(): LiveSource<{ count: number }, NamespaceTemplate>;
  save(template: NamespaceTemplate): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The templates, kept as `namespaces.json` in the data folder. */
export async function createTemplates(documents: Documents): Promise<Templates> {
  const document: Document<Kept> = await documents.open('namespaces', Kept);
  return {
    follow() {
      const changed = new Emitter<void>();
      let rev = 1;
      const subscription = document.onChange(() => {
        rev++;
        changed.fire();
      });
      return {
        read: () => ({ rev, head: { count: document.value.templates.length }, rows: document.value.templates }),
        onChange: changed.event,
        dispose() {
          subscription.dispose();
          changed.dispose();
        },
      };
    },
    save: (template) =>
      document.update(({ templates, ...rest }) => {
        const at = templates.findIndex(({ key }) => key === template.key);
        return { ...rest, templates: at === -1 ? [...templates, template] : templates.with(at, template) };
      }),
    remove: (key) =>
      document.update(({ templates, ...rest }) => ({
        ...rest,
        templates: templates.filter((each) => each.key !== key),
      })),
  };
}
