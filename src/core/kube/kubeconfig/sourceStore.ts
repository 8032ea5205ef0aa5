import { z } from 'zod';
import type { AddedSource, SourceStore } from './kubeconfig.ts';

/** What a stored list of sources looks like; the host keeps it as one of its documents. */
export const AddedSources = z.object({
  sources: z
    .array(z.object({ id: z.string(), kind: z.enum(['file', 'folder', 'pasted']), path: z.string() }))
    .default([]),
});
export type AddedSources = z.output<typeof AddedSources>;

/** The two things of the host that a store needs, in the shape of platform/settings. */
interface StoredSources {
  readonly value: AddedSources;
  update(change: (value: AddedSources) => AddedSources): Promise<void>;
}
interface Files {
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, content: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Sources in a document, pasted texts beside it as `pasted/<id>.kubeconfig`, readable by the user only. */
export function createSourceStore(document: StoredSources, folder: Files): SourceStore {
  const file = (id: string) => `pasted/${id}.kubeconfig`;
  return {
    read: (): readonly AddedSource[] => document.value.sources,
    save: (sources) => document.update((value) => ({ ...value, sources: [...sources] })),
    readText: (id) => folder.read(file(id)),
    saveText: (id, sealed) => folder.write(file(id), sealed),
    removeText: (id) => folder.remove(file(id)),
  };
}
