import { type Clock, sleep } from '../../kernel/clock.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { ApiFailure } from '../../kube/transport/index.ts';
import { type Changes, differences, type Plan, type Step, type StepContext } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import type { DocumentPreview, FieldConflict, TextProblem } from './contract.ts';
import { readDocuments, type TextDocument } from './documents.ts';
import { reconcile } from './edit.ts';
import type { KubeObject, Target } from './model.ts';
import { conflictsOf, ownerOf, sourceOf } from './owners.ts';
import { applyRequest, createRequest, editRequest, type WriteRequest, warningsOf } from './requests.ts';
import { asWritten, shownAfter, shownChanges, shownText } from './shown.ts';
import { isDefinition, placeDocuments, readJson, servedKind } from './targets.ts';

export interface ManifestInput {
  cluster: string;
  text: string;
  namespace: string;
  force: boolean;
  opened?: { object: ObjectRef; text: string } | undefined;
}

export interface ManifestPreview {
  documents: DocumentPreview[];
  problems: TextProblem[];
  confirmation: ReturnType<Changes['confirmation']>;
}

export type OpenedObject = Pick<DocumentPreview, 'owner' | 'source'> & { text: string };

interface Job {
  document: TextDocument;
  target: Target;
  /** As it was opened, of the document that edits it. */
  opened: KubeObject | undefined;
}

/** Dry runs at once. */
const askedAtOnce = 6;
/** So long a new kind or namespace may take to be usable. */
const comingMs = 30_000;
const attempts = 4;

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
        documents[next[0]] = await this.#previewOf(next[1], input, signal);
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
        .map(
          (job): Step => ({
            object: job.target.ref,
            perform: (context) => this.#perform(job, input, context),
          }),
        ),
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

  async #previewOf(job: Job, input: ManifestInput, signal: AbortSignal): Promise<DocumentPreview> {
    const { document, target } = job;
    const isSecret = target.ref.kind === 'secrets';
    const preview: DocumentPreview = {
      line: document.line,
      object: target.ref,
      mode: 'create',
      changes: [],
      before: '',
      after: shownText(target.object, isSecret),
      conflicts: [],
      meanwhile: [],
      warnings: [],
      problems: [],
    };
    const fail = (error: unknown) => {
      const { message, hint } = toErrorValue(error);
      preview.error = message;
      if (hint !== undefined) preview.hint = hint;
      for (const { field, message } of error instanceof ApiFailure ? error.causes : []) {
        if (field !== '') preview.problems.push({ ...document.place(field), message: `${field}: ${message}` });
      }
      // A message about the whole stands at the document's head.
      if (preview.problems.length === 0) preview.problems.push({ ...placeIn(message, document), message });
    };
    const created = () => {
      preview.changes = shownChanges(differences(null, asWritten(target.object)), isSecret);
    };
    if (target.kindComes) {
      created();
      preview.warnings.push('Its kind is defined in this text: the server is asked once the definition is there.');
      return preview;
    }
    try {
      const named = target.object.metadata.name !== undefined;
      const live = named ? await readJson<KubeObject>(this.#fleet, input.cluster, target.path, signal) : undefined;
      if (live !== undefined) {
        preview.mode = 'apply';
        preview.before = shownText(live, isSecret);
        preview.live = preview.before;
        const owner = ownerOf(live);
        const source = sourceOf(live);
        if (owner !== undefined) preview.owner = owner;
        if (source !== undefined) preview.source = source;
      }
      let request: WriteRequest;
      if (job.opened !== undefined) {
        preview.mode = 'edit';
        if (live === undefined) throw deletedMeanwhile(target.ref.name);
        const { meanwhile, patch, merged } = reconcile(job.opened, target.object, live, isSecret);
        preview.meanwhile = meanwhile;
        if (meanwhile.length > 0) preview.merged = shownText(merged, isSecret);
        preview.after = preview.before;
        if (patch === undefined) return preview;
        request = editRequest(target, patch);
      } else request = named ? applyRequest(target, input.force) : createRequest(target);
      let answer: KubeObject;
      try {
        answer = await this.#ask(input.cluster, request, preview, signal);
      } catch (error) {
        const conflicts = error instanceof ApiFailure ? conflictsOf(error.causes) : [];
        if (conflicts.length === 0) throw error;
        preview.conflicts = conflicts.every(isOwn) ? [] : conflicts;
        // What it would become, if the others' fields were taken over.
        answer = await this.#ask(input.cluster, applyRequest(target, true), preview, signal);
      }
      preview.changes = shownChanges(
        differences(live === undefined ? null : asWritten(live), asWritten(answer)),
        isSecret,
      );
      preview.after = shownAfter(live, answer, isSecret);
      if (!named) preview.warnings.push('The server gives it a name: it cannot be undone from here.');
    } catch (error) {
      if (target.namespaceComes && isMissingNamespace(error, target.ref.namespace)) {
        created();
        preview.warnings.push('Its namespace is created by this text: the server is asked once it is there.');
      } else if (signal.aborted) throw error;
      else fail(error);
    }
    return preview;
  }

  async #ask(
    cluster: string,
    request: WriteRequest,
    preview: DocumentPreview,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const answer = await this.#fleet.request(cluster, {
      method: request.method,
      path: `${request.path}&dryRun=All`,
      headers: { Accept: 'application/json', 'Content-Type': request.contentType },
      body: JSON.stringify(request.body),
      signal,
    });
    preview.warnings = warningsOf(answer.headers.warning);
    return JSON.parse(new TextDecoder().decode(answer.body)) as KubeObject;
  }

  async #perform(job: Job, input: ManifestInput, context: StepContext): Promise<string> {
    const { target } = job;
    if (target.kindComes) await this.#served(target, context);
    if (job.opened !== undefined) return this.#edit(job.opened, target, input, context);
    const named = target.object.metadata.name !== undefined;
    const force = input.force || (named && (await this.#onlyOwn(target, context.signal)));
    const request = named ? applyRequest(target, force) : createRequest(target);
    const givenUpAt = this.#clock.steady() + comingMs;
    for (;;) {
      try {
        await context.send({
          object: target.ref,
          request,
          // The name is the server's: there is nothing to be compared, and no way back is known.
          ...(!named && { subject: null, inverse: null }),
        });
        break;
      } catch (error) {
        const comes = target.kindComes || target.namespaceComes;
        if (!comes || !isNotYet(error) || this.#clock.steady() > givenUpAt) throw withAdvice(error);
        context.say('Waits for its kind or namespace');
        await sleep(this.#clock, 500, context.signal);
      }
    }
    if (isDefinition(target.object)) await this.#established(target, context);
    return named ? 'Applied' : 'Created';
  }

  /**
   * Whether an apply would meet nobody but KubeSage itself: fields that its edits and actions wrote count for the server
   * as another manager's.
   */
  async #onlyOwn(target: Target, signal: AbortSignal): Promise<boolean> {
    const { path, contentType, body } = applyRequest(target, false);
    try {
      await this.#fleet.request(target.ref.cluster, {
        method: 'PATCH',
        path: `${path}&dryRun=All`,
        headers: { Accept: 'application/json', 'Content-Type': contentType },
        body: JSON.stringify(body),
        signal,
      });
    } catch (error) {
      // Whatever else is wrong is said by the request itself.
      const conflicts = error instanceof ApiFailure ? conflictsOf(error.causes) : [];
      return conflicts.length > 0 && conflicts.every(isOwn);
    }
    return false;
  }

  /** The patch is made for the version that is there; when that is another one by then, once more. */
  async #edit(opened: KubeObject, target: Target, input: ManifestInput, context: StepContext): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const live = await readJson<KubeObject>(this.#fleet, input.cluster, target.path, context.signal);
      if (live === undefined) throw deletedMeanwhile(target.ref.name);
      const { meanwhile, contested, patch } = reconcile(opened, target.object, live, target.ref.kind === 'secrets');
      if (contested && !input.force) {
        const theirs = meanwhile.filter((change) => change.contested);
        const words = theirs.map(({ path, manager }) => `${path}${manager === undefined ? '' : ` (${manager})`}`);
        throw new KubeSageError('conflict', `Changed since it was opened: ${words.join(', ')}`, {
          hint: 'Look at what was changed, then merge or overwrite.',
        });
      }
      if (patch === undefined) return 'Nothing to change';
      try {
        await context.send({ object: target.ref, request: editRequest(target, patch) });
        return meanwhile.length > 0 ? 'Changed; what others changed since it was opened stays' : 'Changed';
      } catch (error) {
        if (toErrorValue(error).code !== 'conflict' || attempt === attempts) throw error;
        context.say('It was changed at the same moment: once more');
      }
    }
  }

  async #served(target: Target, { say, signal }: StepContext): Promise<void> {
    const givenUpAt = this.#clock.steady() + comingMs;
    while ((await servedKind(this.#fleet, target.ref.cluster, target.object, signal)) === undefined) {
      if (this.#clock.steady() > givenUpAt) {
        throw new KubeSageError(
          'timeout',
          `${target.object.kind} is not served ${comingMs / 1000} s after its definition`,
        );
      }
      say(`Waits until ${target.object.kind} is served`);
      await sleep(this.#clock, 250, signal);
    }
  }

  async #established(target: Target, { say, signal }: StepContext): Promise<void> {
    const givenUpAt = this.#clock.steady() + comingMs;
    for (;;) {
      const live = await readJson<{ status?: { conditions?: { type: string; status: string; message?: string }[] } }>(
        this.#fleet,
        target.ref.cluster,
        target.path,
        signal,
      );
      const conditions = live?.status?.conditions ?? [];
      if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
      const refused = conditions.find(({ type, status }) => type === 'NamesAccepted' && status === 'False');
      if (refused !== undefined) throw new KubeSageError('conflict', refused.message ?? 'Its names are taken');
      if (this.#clock.steady() > givenUpAt) return;
      say('Waits until it is established');
      await sleep(this.#clock, 250, signal);
    }
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

/** Decoding names the field in words: `unknown field "spec.replica"`, `.spec.replica: field not declared in schema`. */
function placeIn(message: string, document: TextDocument): { line: number; column: number } {
  const [, quoted, bare] = /field "([^"]+)"|(?:^|: )\.([^\s:]+): /.exec(message) ?? [];
  return document.place(quoted ?? bare ?? '');
}

function isOwn({ manager }: FieldConflict): boolean {
  return manager === 'kubesage';
}

function isMissingNamespace(error: unknown, namespace: string): boolean {
  const { code, message } = toErrorValue(error);
  return code === 'notFound' && message.includes(`namespaces "${namespace}" not found`);
}

/** Served in a moment: the kind's handler, the namespace in a cache, its service account. */
function isNotYet(error: unknown): boolean {
  const { code, message } = toErrorValue(error);
  return code === 'notFound' || (code === 'forbidden' && message.includes('serviceaccount'));
}

function deletedMeanwhile(name: string): KubeSageError {
  return new KubeSageError('conflict', `${name} was deleted since it was opened`, {
    hint: 'Create it anew from the text, or close it.',
  });
}

function withAdvice(error: unknown): unknown {
  if (!(error instanceof ApiFailure) || conflictsOf(error.causes).length === 0) return error;
  return new KubeSageError('conflict', error.message, {
    hint: 'Leave these fields out of the text, or apply with force to take them over.',
    cause: error,
  });
}
