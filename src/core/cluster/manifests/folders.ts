import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { KustomizeProgram } from '../../kube/kustomize/index.ts';
import type { Changes, Plan, Step } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import { type Applied, objectKey } from './applied.ts';
import type { DocumentPreview, FileProblem, FolderInput, FolderPlan } from './contract.ts';
import { previewOf } from './dryRun.ts';
import { type FolderDocument, kustomizationsOf, readFolder } from './folderFiles.ts';
import type { Job, KubeObject } from './model.ts';
import { applyOrder } from './order.ts';
import { stepOf } from './performing.ts';
import { placeDocuments, readJson } from './targets.ts';
import type { Uploads } from './uploads.ts';

/** A document of a folder with where it goes, or why it cannot go anywhere. */
export interface FolderJob extends Job {
  key: string;
  file: string;
}

export interface PlacedFolder {
  jobs: FolderJob[];
  problems: FileProblem[];
  kustomizations: string[];
}

export interface FoldersDeps {
  fleet: OpenClusters;
  changes: Changes;
  clock: Clock;
  program: KustomizeProgram;
  uploads: Uploads;
  applied: Applied;
}

/** Reading takes seconds when there is much: not once more for each question about the same. */
interface Read {
  upload: string;
  version: string;
  folder: ReturnType<typeof readFolder>;
}

/** Applies what a folder holds. `owner` keeps callers apart: nobody sees what another one has brought. */
export class Folders {
  readonly #deps: FoldersDeps;
  #read: Read | undefined;

  constructor(deps: FoldersDeps) {
    this.#deps = deps;
  }

  /** In the order in which it is applied. Rejects as `readFolder`, and with `notFound` for files that are not at hand. */
  async place(input: FolderInput, owner: string, signal: AbortSignal): Promise<PlacedFolder> {
    const upload = this.#deps.uploads.of(uploadKey(owner, input.upload));
    const { documents, problems } = await this.#readOnce(input, owner);
    const placed = await placeDocuments(
      this.#deps.fleet,
      input,
      documents.map(({ document }) => document),
      signal,
    );
    const jobs: FolderJob[] = [];
    const more: FileProblem[] = [];
    for (const [index, each] of placed.entries()) {
      const { key, file } = documents[index] as FolderDocument;
      if ('target' in each) jobs.push({ key, file, document: each.document, target: each.target, opened: undefined });
      else {
        const { message, hint } = each.error;
        more.push({ file, ...each.document.place('apiVersion'), message: `${message}. ${hint ?? ''}`.trim() });
      }
    }
    jobs.sort((a, b) => applyOrder(a.target.object) - applyOrder(b.target.object));
    return { jobs, problems: [...problems, ...more], kustomizations: kustomizationsOf(upload) };
  }

  async document(input: FolderInput, key: string, owner: string, signal: AbortSignal): Promise<DocumentPreview> {
    const { jobs } = await this.place(input, owner, signal);
    const job = jobs.find((each) => each.key === key);
    if (job === undefined) throw new KubeSageError('notFound', 'The folder has no such object any more');
    return previewOf(this.#deps.fleet, job, input, signal);
  }

  /** Applied from a folder of this name before, and there still, but no longer in it. */
  async gone(input: FolderInput, jobs: readonly FolderJob[], signal: AbortSignal): Promise<ObjectRef[]> {
    const { applied, fleet } = this.#deps;
    const inIt = new Set(jobs.map(({ target }) => objectKey(target.ref)));
    const before = await applied.objects(input.cluster, input.name);
    const gone: ObjectRef[] = [];
    for (const object of before) {
      if (inIt.has(objectKey(object))) continue;
      const path = this.#pathOf(object);
      if (path === undefined) continue;
      const live = await readJson<KubeObject>(fleet, input.cluster, path, signal);
      // One that somebody made anew is not what was applied.
      if (live !== undefined && live.metadata.uid === object.uid) gone.push(object);
    }
    return gone;
  }

  async plan(input: FolderPlan, owner: string, signal: AbortSignal): Promise<{ plan: Plan; note(): Promise<void> }> {
    const { fleet, clock, applied } = this.#deps;
    const { jobs } = await this.place(input, owner, signal);
    const wanted = new Set(input.keys);
    const chosen = jobs.filter(({ key }) => wanted.has(key));
    if (chosen.length < wanted.size) {
      throw new KubeSageError('conflict', 'The folder is another one than was looked at', {
        hint: 'Look at it once more.',
      });
    }
    const goneNow = new Set((await this.gone(input, jobs, signal)).map(objectKey));
    const stranger = input.remove.find((object) => !goneNow.has(objectKey(object)));
    if (stranger !== undefined) {
      throw new KubeSageError('conflict', `${stranger.name} is not gone from ${input.name}, or is another one by now`);
    }
    const done: ObjectRef[] = [];
    const removed: ObjectRef[] = [];
    const steps = [
      ...chosen.map((job) => noting(stepOf({ fleet, clock }, job, input), (object) => done.push(object))),
      // What depends on others goes before them.
      ...[...input.remove].reverse().map((object) => this.#removal(object, () => removed.push(object))),
    ];
    const counts = [
      ...(chosen.length > 0 ? [`apply ${chosen.length}`] : []),
      ...(input.remove.length > 0 ? [`delete ${input.remove.length}`] : []),
    ].join(', ');
    const plan: Plan = {
      action: 'applyFolder',
      title: `${counts.charAt(0).toUpperCase()}${counts.slice(1)} of ${input.name}`,
      danger: input.remove.length > 0,
      // They build on each other: what the first ones define, the later ones need.
      atOnce: 1,
      steps,
    };
    const { cluster, name } = input;
    return { plan, note: () => applied.note({ cluster, name, at: clock.now(), applied: done, removed }) };
  }

  #removal(object: ObjectRef, done: () => void): Step {
    return {
      object,
      perform: async ({ send }) => {
        const path = this.#pathOf(object);
        if (path === undefined) throw new KubeSageError('notFound', `${object.kind} is no longer served`);
        await send({
          object,
          request: {
            method: 'DELETE',
            path,
            body: { preconditions: { uid: object.uid }, propagationPolicy: 'Background' },
          },
        });
        done();
        return 'Deleted';
      },
    };
  }

  #pathOf({ cluster, kind, namespace, name }: ObjectRef): string | undefined {
    const served = this.#deps.fleet.byId(cluster)?.kinds.find(({ id }) => id === kind);
    return served === undefined ? undefined : objectPath(served, namespace, name);
  }

  #readOnce(input: FolderInput, owner: string): ReturnType<typeof readFolder> {
    const key = uploadKey(owner, input.upload);
    const upload = this.#deps.uploads.of(key);
    const version = JSON.stringify([upload.version, input.kustomization, input.recursive]);
    if (this.#read?.upload === key && this.#read.version === version) return this.#read.folder;
    // Others may wait for it, too: it is not broken off with the first one who asked.
    const folder = readFolder(upload, input, this.#deps.program, AbortSignal.timeout(120_000));
    this.#read = { upload: key, version, folder };
    folder.catch(() => {
      if (this.#read?.folder === folder) this.#read = undefined;
    });
    return folder;
  }
}

export function uploadKey(owner: string, upload: string): string {
  return JSON.stringify([owner, upload]);
}

/** A step that tells which object it has made of it, with its uid. */
function noting({ object, perform }: Step, note: (object: ObjectRef) => void): Step {
  return {
    object,
    async perform(context) {
      let uid: string | undefined;
      const last = await perform({
        ...context,
        async send(change) {
          const answer = await context.send(change);
          uid = (answer as KubeObject | null)?.metadata?.uid;
          return answer;
        },
      });
      if (uid !== undefined) note({ ...object, uid });
      return last;
    },
  };
}
