import { z } from 'zod';
import type { Document, Documents } from '../../platform/settings/index.ts';
import { ObjectRef } from '../resources/contract.ts';

/** The oldest are forgotten first. */
const mostFolders = 200;

const AppliedFolders = z.object({
  folders: z
    .array(
      z.object({
        cluster: z.string(),
        name: z.string(),
        /** Milliseconds. */
        at: z.number(),
        /** With their uid: an object that was made anew by somebody else is another one. */
        objects: z.array(ObjectRef),
      }),
    )
    .default([]),
});
type AppliedFolders = z.infer<typeof AppliedFolders>;

/** What was applied from which folder, so that what is gone from it can be named. Names of objects, nothing of them. */
export class Applied {
  readonly #document: Promise<Document<AppliedFolders>>;

  constructor(documents: Documents) {
    this.#document = documents.open('applied', AppliedFolders);
    // Said to whoever asks for it.
    this.#document.catch(() => undefined);
  }

  async objects(cluster: string, name: string): Promise<readonly ObjectRef[]> {
    const { folders } = (await this.#document).value;
    return folders.find((each) => each.cluster === cluster && each.name === name)?.objects ?? [];
  }

  async note(change: {
    cluster: string;
    name: string;
    at: number;
    applied: readonly ObjectRef[];
    removed: readonly ObjectRef[];
  }): Promise<void> {
    const { cluster, name, at, applied, removed } = change;
    if (name === '') return;
    const touched = new Set([...applied, ...removed].map(objectKey));
    await (await this.#document).update(({ folders }) => {
      const before = folders.find((each) => each.cluster === cluster && each.name === name);
      const others = folders.filter((each) => each !== before);
      const objects = [...(before?.objects ?? []).filter((each) => !touched.has(objectKey(each))), ...applied];
      const next = objects.length === 0 ? [] : [{ cluster, name, at, objects }];
      return { folders: [...next, ...others].slice(0, mostFolders) };
    });
  }
}

export function objectKey({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}
