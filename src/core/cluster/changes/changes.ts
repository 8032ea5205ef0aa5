import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { FieldChange } from '../../platform/audit/contract.ts';
import type { Audit } from '../../platform/audit/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { Confirmation, Run } from './contract.ts';
import { checkConfirmed, confirmationFor, type Question, questionOf } from './guard.ts';
import { inverseOf } from './inverse.ts';
import type { Act, Change, ChangeRequest, Plan, Step, StepContext } from './model.ts';
import { differences } from './patch.ts';

/** What one step would do. */
export interface StepPreview {
  object: ObjectRef;
  changes: FieldChange[];
  effects: string[];
  error?: string;
  hint?: string;
}

export interface Changes extends Disposable {
  /** What a plan asks for before it may run. Throws `tooLarge`. */
  confirmation(plan: Pick<Plan, 'danger' | 'steps'>): Confirmation;
  /** Begins a plan and returns the run's id. Throws `needsConfirmation`, `tooLarge` and `invalid` (nothing to do). */
  start(plan: Plan, by: { principal: Principal; confirmed?: string | undefined }): string;
  /** Sends every step as a dry run: what the API servers would store, and what they would refuse. Records nothing. */
  preview(plan: Plan, signal: AbortSignal): Promise<StepPreview[]>;
  /** Resolves with the run when it has ended. */
  ended(run: string): Promise<Run>;
  cancel(run: string): void;
  /** What taking a run back would do. Throws as `undo`. */
  wayBack(run: string): { title: string; objects: ObjectRef[]; danger: boolean; confirmation: Confirmation };
  /** Takes a run back; the returned one does it. Throws `notFound`, `conflict` (nothing to take back, or taken back). */
  undo(run: string, by: { principal: Principal; confirmed?: string | undefined }): string;
  /** Newest first; an unchanged run is the same object as before. */
  runs(): readonly Run[];
  readonly onChange: Event<void>;
}

/** Runs that are kept to be looked at and taken back. The record keeps more. */
const runsKept = 100;
const linesKept = 200;
const stepsAtOnce = 4;
const mostBodyText = 1_000_000;
/** What was deleted may take its time to go, before it can be created anew. */
const recreateMs = 120_000;

interface Kept {
  run: Run;
  end: AbortController;
  ended: Promise<Run>;
  /** In the order in which they were done. */
  inverses: ({ change: Change } | { step: Step })[];
}

interface Deps {
  fleet: OpenClusters;
  audit: Audit;
  clock: Clock;
  /** Asks the user outside of the page before a protected cluster is changed; rejects when it is not agreed to. */
  agree?: ((question: Question) => Promise<void>) | undefined;
}

export function createChanges(deps: Deps): Changes {
  return new ClusterChanges(deps);
}

class ClusterChanges implements Changes {
  readonly #fleet: OpenClusters;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #agree: Deps['agree'];
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  constructor(deps: Deps) {
    this.#fleet = deps.fleet;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#agree = deps.agree;
  }

  confirmation({ danger, steps }: Pick<Plan, 'danger' | 'steps'>): Confirmation {
    return confirmationFor({
      danger,
      objects: steps.map(({ object }) => object),
      clusterOf: (id) => this.#fleet.byId(id),
    });
  }

  start(plan: Plan, by: { principal: Principal; confirmed?: string | undefined }): string {
    if (plan.steps.length === 0) throw new KubeSageError('invalid', 'There is nothing to be changed');
    checkConfirmed(this.confirmation(plan), by.confirmed);
    const id = `${this.#clock.now().toString(36)}-${++this.#count}`;
    const run: Run = {
      key: id,
      action: plan.action,
      title: plan.title,
      startedAt: this.#clock.now(),
      endedAt: null,
      state: 'running',
      steps: plan.steps.map(({ object }) => ({ object, state: 'waiting', message: '' })),
      lines: [],
      undoable: false,
      ...(plan.undoes !== undefined && { undoes: plan.undoes }),
    };
    const end = new AbortController();
    const kept: Kept = { run, end, inverses: [], ended: Promise.resolve(run) };
    this.#kept.set(id, kept);
    kept.ended = this.#perform(plan, id, by.principal);
    this.#forgetOld();
    this.#changed.fire();
    return id;
  }

  preview(plan: Plan, signal: AbortSignal): Promise<StepPreview[]> {
    return Promise.all(
      plan.steps.map(async ({ object, perform }) => {
        const preview: StepPreview = { object, changes: [], effects: [] };
        try {
          await perform({
            signal,
            dryRun: true,
            say: (text) => preview.effects.push(text),
            send: async (change) => {
              const subject = change.subject === undefined ? subjectOf(change.request) : change.subject;
              const before = subject === null ? null : await this.#read(change.object.cluster, subject, signal);
              const answer = await this.#request(change.object.cluster, dry(change.request), signal);
              const after = change.request.method === 'DELETE' ? null : answer;
              // A subresource answers with an object of its own kind: its fields are told as they are.
              const found =
                subject === null
                  ? []
                  : differences(before, isSubresource(change, subject) ? merged(before, after) : after);
              preview.changes.push(...(change.object.kind === 'secrets' ? found.map(hidden) : found));
              return answer;
            },
            act: async ({ request }) => void preview.effects.push(request),
          });
        } catch (error) {
          const { message, hint } = toErrorValue(error);
          return { ...preview, error: message, ...(hint !== undefined && { hint }) };
        }
        return preview;
      }),
    );
  }

  ended(run: string): Promise<Run> {
    return this.#of(run).ended;
  }

  cancel(run: string): void {
    this.#of(run).end.abort(new KubeSageError('cancelled', 'Cancelled by the user'));
  }

  wayBack(id: string): ReturnType<Changes['wayBack']> {
    const { title, danger, steps } = this.#planBack(id);
    return {
      title,
      objects: steps.map(({ object }) => object),
      danger,
      confirmation: this.confirmation({ danger, steps }),
    };
  }

  undo(id: string, by: { principal: Principal; confirmed?: string | undefined }): string {
    const undo = this.start(this.#planBack(id), by);
    this.#edit(id, { undoneBy: undo, undoable: false });
    this.ended(undo).then((ended) => {
      // What could not be taken back may be tried again.
      if (ended.state !== 'done') this.#edit(id, { undoneBy: undefined, undoable: true });
    });
    return undo;
  }

  #planBack(id: string): Plan {
    const { run, inverses } = this.#of(id);
    if (run.state === 'running')
      throw new KubeSageError('conflict', 'It is still on its way', { hint: 'Cancel it first.' });
    if (run.undoneBy !== undefined) throw new KubeSageError('conflict', 'It was taken back already');
    if (inverses.length === 0) throw new KubeSageError('conflict', 'Nothing of it can be taken back');
    // The newest first, one after the other: one may build on another.
    const steps = [...inverses].reverse().map((inverse): Step => {
      if ('step' in inverse) return inverse.step;
      const { change } = inverse;
      return {
        object: change.object,
        perform: async ({ send, signal, say }) => {
          await this.#sendBack(change, send, signal, say);
          return 'Taken back';
        },
      };
    });
    const danger = steps.some((step) => step.danger === true);
    return { action: 'undo', title: `Undo: ${run.title}`, danger, undoes: id, atOnce: 1, steps };
  }

  runs(): readonly Run[] {
    return [...this.#kept.values()].map(({ run }) => run).reverse();
  }

  dispose(): void {
    for (const { end } of this.#kept.values()) end.abort(new KubeSageError('cancelled', 'KubeSage is closing'));
    this.#scope.dispose();
  }

  async #perform(plan: Plan, id: string, principal: Principal): Promise<Run> {
    const { end } = this.#of(id);
    await this.#askOutside(plan, id);
    const waiting = plan.steps.map((step, at) => ({ step, at }));
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { step, at } = next;
        if (end.signal.aborted) this.#step(id, at, { state: 'cancelled', message: 'Not begun' });
        else await this.#performStep(plan, id, principal, step, at);
      }
    };
    await Promise.all(Array.from({ length: plan.atOnce ?? stepsAtOnce }, worker));
    const { run, inverses } = this.#of(id);
    const failed = run.steps.some(({ state }) => state === 'failed');
    const cancelled = run.steps.some(({ state }) => state === 'cancelled');
    return this.#edit(id, {
      endedAt: this.#clock.now(),
      state: failed ? 'failed' : cancelled ? 'cancelled' : 'done',
      undoable: inverses.length > 0,
    });
  }

  /** A page that was taken over can type a name: what a protected cluster is changed by is shown where it cannot reach. */
  async #askOutside(plan: Plan, id: string): Promise<void> {
    if (this.#agree === undefined || this.confirmation(plan).level !== 'type') return;
    const { end } = this.#of(id);
    try {
      await this.#agree(questionOf(plan, (cluster) => this.#fleet.byId(cluster)));
    } catch (error) {
      end.abort(new KubeSageError('cancelled', toErrorValue(error).message));
    }
  }

  async #performStep(plan: Plan, id: string, principal: Principal, step: Step, at: number): Promise<void> {
    const { end } = this.#of(id);
    this.#step(id, at, { state: 'running', message: '' });
    try {
      const last = await step.perform({
        signal: end.signal,
        dryRun: false,
        say: (text) => this.#step(id, at, { state: 'running', message: text }),
        send: (change) => this.#send(plan, id, principal, change),
        act: (act) => this.#act(plan, id, principal, act),
      });
      this.#step(id, at, { state: 'done', message: last ?? 'Done' });
    } catch (error) {
      // Whatever was waited for says it in its own words when it is broken off.
      const { code, message, hint } = toErrorValue(end.signal.aborted ? end.signal.reason : error);
      const state = code === 'cancelled' ? 'cancelled' : 'failed';
      this.#step(id, at, { state, message, ...(hint !== undefined && { hint }) });
    }
  }

  async #send(plan: Plan, run: string, principal: Principal, change: Change): Promise<unknown> {
    const { object, request } = change;
    const { signal } = this.#of(run).end;
    signal.throwIfAborted();
    const subject = change.subject === undefined ? subjectOf(request) : change.subject;
    const secret = object.kind === 'secrets';
    const before = subject === null ? null : await this.#read(object.cluster, subject, signal);
    const entry = this.#entry(plan, run, principal, object, `${request.method} ${request.path}`);
    await this.#audit.ready();
    let answer: unknown;
    try {
      answer = await this.#request(object.cluster, request, signal);
    } catch (error) {
      const told = toErrorValue(error);
      await this.#audit.record({ ...entry, changes: [], result: 'failed', error: told.message });
      throw error;
    }
    // What it is now, not what was answered: a subresource answers with something else.
    const gone = subject === null || request.method === 'DELETE';
    const after = gone ? null : await this.#read(object.cluster, subject, undefined).catch(() => answer);
    const found = subject === null ? [] : differences(before, after);
    const inverse =
      change.inverse === undefined
        ? subject === null
          ? null
          : inverseOf(subject, before, after, found)
        : change.inverse;
    await this.#audit.record({
      ...entry,
      changes: secret ? found.map(hidden) : found,
      result: 'done',
      ...(inverse !== null && !secret && { inverse }),
    });
    if (inverse !== null) {
      const wayBack = { object, request: inverse, ...(inverse.method === 'POST' && { subject: subject ?? null }) };
      this.#of(run).inverses.push({ change: wayBack });
    }
    return answer;
  }

  async #act(plan: Plan, run: string, principal: Principal, act: Act): Promise<void> {
    const { signal } = this.#of(run).end;
    signal.throwIfAborted();
    const entry = this.#entry(plan, run, principal, act.object, act.request);
    await this.#audit.ready();
    let changes: FieldChange[];
    try {
      changes = await act.perform(signal);
    } catch (error) {
      // It may have come halfway: that it was begun is what the record keeps.
      await this.#audit.record({ ...entry, changes: [], result: 'failed', error: toErrorValue(error).message });
      throw error;
    }
    await this.#audit.record({ ...entry, changes, result: 'done' });
    if (act.inverse !== null) this.#of(run).inverses.push({ step: act.inverse });
  }

  #entry(plan: Plan, run: string, principal: Principal, object: ObjectRef, request: string) {
    const cluster = this.#fleet.byId(object.cluster);
    return {
      principal: principal.id,
      user: cluster?.user ?? '',
      run,
      action: plan.action,
      cluster: object.cluster,
      clusterName: cluster?.name ?? object.cluster,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      request,
      ...(plan.undoes !== undefined && { undoes: plan.undoes }),
    };
  }

  async #sendBack(
    change: Change,
    send: StepContext['send'],
    signal: AbortSignal,
    say: StepContext['say'],
  ): Promise<void> {
    const givenUpAt = this.#clock.steady() + recreateMs;
    for (;;) {
      try {
        await send(change);
        return;
      } catch (error) {
        const waits = change.request.method === 'POST' && toErrorValue(error).code === 'conflict';
        if (!waits || this.#clock.steady() > givenUpAt) throw sinceChanged(error, change.request);
        say('Waits until the deleted one is gone');
        await pause(this.#clock, 1000, signal);
      }
    }
  }

  /** null when it is not there, or may not be read: then there is nothing to compare with. */
  async #read(cluster: string, path: string, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      const answer = await this.#fleet.request(cluster, {
        path,
        headers: { Accept: 'application/json' },
        ...(signal !== undefined && { signal }),
      });
      return JSON.parse(new TextDecoder().decode(answer.body));
    } catch (error) {
      const { code } = toErrorValue(error);
      if (code === 'notFound' || code === 'forbidden') return null;
      throw error;
    }
  }

  async #request(cluster: string, request: ChangeRequest, signal: AbortSignal): Promise<unknown> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined && body.length > mostBodyText) {
      throw new KubeSageError('tooLarge', 'The object is larger than a cluster takes (1 MB)');
    }
    const answer = await this.#fleet.request(cluster, {
      method: request.method,
      path: request.path,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': request.contentType ?? 'application/json' }),
      },
      ...(body !== undefined && { body }),
      signal,
    });
    const text = new TextDecoder().decode(answer.body);
    return text === '' ? null : JSON.parse(text);
  }

  #step(id: string, at: number, change: Omit<Run['steps'][number], 'object'>): void {
    const { run } = this.#of(id);
    const step = run.steps[at];
    if (step === undefined) return;
    const line = { at: this.#clock.now(), text: `${step.object.name}: ${change.message}` };
    this.#edit(id, {
      steps: run.steps.with(at, { object: step.object, ...change }),
      ...(change.message !== '' && { lines: [...run.lines, line].slice(-linesKept) }),
    });
  }

  #edit(id: string, change: Partial<Run>): Run {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new KubeSageError('internal', `Run ${id} is forgotten while it is on its way`);
    kept.run = { ...kept.run, ...change };
    this.#changed.fire();
    return kept.run;
  }

  #of(run: string): Kept {
    const kept = this.#kept.get(run);
    if (kept !== undefined) return kept;
    throw new KubeSageError('notFound', `There is no run ${run}`, { hint: 'It may be older than the hundred kept.' });
  }

  #forgetOld(): void {
    for (const [id, { run }] of this.#kept) {
      if (this.#kept.size <= runsKept) return;
      if (run.endedAt !== null) this.#kept.delete(id);
    }
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      timer.dispose();
      reject(signal.reason);
    };
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** The object that a request changes: its path without query and without a subresource that is no object of its own. */
function subjectOf({ path, method }: ChangeRequest): string | null {
  const plain = path.split('?')[0] ?? path;
  return method === 'POST' ? null : plain;
}

function dry(request: ChangeRequest): ChangeRequest {
  return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}dryRun=All` };
}

function isSubresource({ request }: Change, subject: string): boolean {
  const path = request.path.split('?')[0] ?? '';
  return request.method !== 'POST' && path !== subject;
}

/** `spec` of what a subresource answers, over the object's: for a scale, replicas. */
function merged(before: unknown, answer: unknown): unknown {
  const { spec } = (answer ?? {}) as { spec?: object };
  const object = (before ?? {}) as { spec?: object };
  return { ...object, spec: { ...object.spec, ...spec } };
}

function hidden({ path, before, after }: FieldChange): FieldChange {
  const mark = (value: unknown) => (value === undefined ? undefined : '(hidden)');
  return /^\/(data|stringData)\b/.test(path) || path === ''
    ? { path, before: mark(before), after: mark(after) }
    : { path, before, after };
}

/** A failed test of the patch that leads back: 422, in words that do not help whoever pressed Undo. */
function sinceChanged(error: unknown, request: ChangeRequest): unknown {
  if (request.contentType !== 'application/json-patch+json' || toErrorValue(error).code !== 'invalid') return error;
  return new KubeSageError('conflict', 'It was changed again since: it cannot be taken back as a whole', {
    hint: 'Look at its history, and edit what is to be different.',
    cause: error,
  });
}
