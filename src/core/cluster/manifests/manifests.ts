import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Changes, Plan } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import type { DocumentPreview, TextProblem } from './contract.ts';
import { readDocuments } from './documents.ts';
import { previewOf } from './dryRun.ts';
import type { Job, KubeObject, WriteOptions } from './model.ts';
import { ownerOf, sourceOf } from './owners.ts';
import { stepOf } from './performing.ts';
import { shownText } from './shown.ts';
import { isDefinition, placeDocuments, readJson } from './targets.ts';

export interface ManifestInput extends WriteOptions {
  text: string;
  namespace: string;
  opened?: { object: ObjectRef; text: string } | undefined;
}

export interface ManifestPreview {
  documents: DocumentPreview[];
  problems: TextProblem[];
  confirmation: ReturnType<Changes['confirmation']>;
}

export type OpenedObject = Pick<DocumentPreview, 'owner' | 'source'> & { text: string };

/** Dry runs at once. */
const askedAtOnce = 6;

export class Manifests {
  readonly #fleet: OpenClusters;
  readonly #changes: Changes;
  readonly #clock: Clock;

  constructor(deps: { fleet: OpenClusters; changes: Changes; clock: Clock }) {
    this.#fleet = deps.fleet;
    this.#changes = deps.changes;
    this.#clock = deps.clock;
  }

  /** The object as it is edited: without what the server writes. Rejects as the cluster does. */
  async open(ref: ObjectRef, signal: AbortSignal): Promise<OpenedObject> {
    const cluster = this.#fleet.byId(ref.cluster);
    const kind = cluster?.kinds.find(({ id }) => id === ref.kind);
    if (cluster === undefined || kind === undefined) {
      throw new KubeSageError('notFound', `${cluster?.name ?? ref.cluster} does not serve ${ref.kind}`);
    }
    const live = await readJson<KubeObject>(
      this.#fleet,
      ref.cluster,
      objectPath(kind, ref.namespace, ref.name),
      signal,
    );
    if (live === undefined) {
      throw new KubeSageError('notFound', `There is no ${kind.kind} ${ref.name}`, {
        hint: 'It may have been deleted.',
      });
    }
    const owner = ownerOf(live);
    const source = sourceOf(live);
    return {
      text: shownText(live, kind.id === 'secrets'),
      ...(owner !== undefined && { owner }),
      ...(source !== undefined && { source }),
    };
  }

  async preview(input: ManifestInput, signal: AbortSignal): Promise<ManifestPreview> {
    const { jobs, problems } = await this.#read(input, signal);
    const steps = jobs.map(({ target }) => ({ object: target.ref, perform: async () => undefined }));
    const confirmation = this.#changes.confirmation({ danger: false, steps });
    const documents: DocumentPreview[] = [];
    const waiting = problems.length > 0 ? [] : [...jobs.entries()];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        documents[next[0]] = await previewOf(this.#fleet, next[1], input, signal);
      }
    };
    await Promise.all(Array.from({ length: askedAtOnce }, worker));
    return { documents, problems, confirmation };
  }

  /** @throws KubeSageError `invalid` when the text cannot be read, with the first line that is wrong */
  async plan(input: ManifestInput, signal: AbortSignal): Promise<Plan> {
    const { jobs, problems } = await this.#read(input, signal);
    const [problem] = problems;
    if (problem !== undefined) {
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
      throw new KubeSageError('invalid', `Line ${problem.line}: ${problem.message}${more}`, {
        hint: 'Nothing was applied.',
      });
    }
    const [first] = jobs;
    const edits = jobs.some(({ opened }) => opened !== undefined);
    const name = jobs.length === 1 ? (first?.target.ref.name ?? '') : `${jobs.length} objects`;
    return {
      action: edits ? 'edit' : 'apply',
      title: `${edits ? 'Edit' : 'Apply'} ${name}`,
      danger: false,
      // Documents build on each other: what the first ones define, the later ones need.
      atOnce: 1,
      steps: [...jobs]
        .sort((a, b) => rank(a) - rank(b))
        .map((job) => stepOf({ fleet: this.#fleet, clock: this.#clock }, job, input)),
    };
  }

  async #read(input: ManifestInput, signal: AbortSignal): Promise<{ jobs: Job[]; problems: TextProblem[] }> {
    const { documents, problems } = readDocuments(input.text);
    if (problems.length > 0) return { jobs: [], problems };
    const opened = input.opened === undefined ? undefined : readDocuments(input.opened.text).documents[0]?.object;
    const jobs: Job[] = [];
    for (const placed of await placeDocuments(this.#fleet, input, documents, signal)) {
      const { document } = placed;
      if ('error' in placed) {
        const { line, column } = document.place('apiVersion');
        problems.push({ line, column, message: `${placed.error.message}. ${placed.error.hint ?? ''}` });
      } else {
        const edits = input.opened !== undefined && sameObject(placed.target.ref, input.opened.object);
        jobs.push({ document, target: placed.target, opened: edits ? opened : undefined });
      }
    }
    const { object } = input.opened ?? {};
    if (object !== undefined && problems.length === 0 && !jobs.some(({ opened }) => opened !== undefined)) {
      const [first] = documents;
      const { line, column } = first?.place('metadata.name') ?? { line: 1, column: 1 };
      const message = `The text is not ${object.name} any more: kind, name and namespace of an object cannot be changed. Create another one from the text instead.`;
      problems.push({ line, column, message });
    }
    return { jobs, problems };
  }
}

/** Namespaces and definitions first. */
function rank({ target }: Job): number {
  if (target.ref.kind === 'namespaces') return 0;
  return isDefinition(target.object) ? 1 : 2;
}

function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
