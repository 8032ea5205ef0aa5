import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { LogQuery, LogSource } from './contract.ts';
import { Follower, type TakeUp } from './follower.ts';
import { type Container, isChosen, type LogDeps, type Pod, type PodName, podPath, readPod } from './model.ts';
import type { PartsSink } from './olderPart.ts';
import { PodSelection } from './selection.ts';

/** A pod that was just read is not read again for that long. Milliseconds. */
const freshMs = 250;
/** What containers were added to a running pod is looked for this often: ephemeral ones. Milliseconds. */
const lookMs = 30_000;

interface KnownPod {
  name: PodName;
  read: { at: number; answer: Promise<Pod | undefined> } | undefined;
  /** Waiting for a change of the pod. */
  waiting: Set<() => void>;
  /** Containers that are sources. */
  containers: Set<string>;
  /** Their numbers. */
  sources: Set<number>;
  /** It was in the tables, and is not any more. */
  deleted: boolean;
  looking: boolean;
  /** As the tables had it last. */
  mark: string;
  /** Not in the tables any more. */
  gone: boolean;
  /** It came after the beginning. */
  isNew: boolean;
}

/** What whoever wants the lines is told; sources are told by their numbers. */
export interface FollowedLines {
  line(source: number, at: number, text: string): void;
  /** Something of ours, to stand between the lines. */
  note(source: number, at: number, text: string): void;
  /** The past of a source begins to be read, or has been. */
  behind(source: number, isBehind: boolean): void;
  /** `sources` or `problems` may be others. */
  changed(): void;
  /** Without following: everything that is there was read. */
  over(): void;
  /** Where an earlier reading of the container stopped; asked once a source that is chosen. */
  takeUp?(source: LogSource): TakeUp | undefined;
  /** Takes a long past in two parts at once, where it says how. */
  parts?(source: number): PartsSink;
  /** While it answers with a promise, no more lines are taken until that resolves. */
  hold?(): Promise<void> | undefined;
}

/** The pods that a query means, their containers, and a follower for each one that is chosen. */
export class PodFollowers implements Disposable {
  readonly #deps: LogDeps;
  readonly #query: LogQuery;
  readonly #follow: boolean;
  readonly #lines: FollowedLines;
  readonly #abort = new AbortController();
  readonly #selection: PodSelection;
  readonly #pods = new Map<string, KnownPod>();
  #sources: LogSource[] = [];
  #problems: string[] = [];
  /** Followers under way, and pods being read for the first time. */
  #active = 0;
  /** Containers that are wanted and not read, since there are too many. */
  #unread = 0;
  /** The pods that were there at the beginning are known. */
  #begun = false;
  readonly #looking: Disposable;

  constructor(deps: LogDeps, query: LogQuery & { follow: boolean }, lines: FollowedLines) {
    this.#deps = deps;
    this.#query = query;
    this.#follow = query.follow && !query.previous;
    this.#lines = lines;
    this.#selection = new PodSelection(deps, query);
    this.#selection.onChange(() => this.#update());
    this.#looking = deps.clock.every(lookMs, () => {
      for (const pod of this.#pods.values()) if (!pod.gone && this.#follow) void this.#look(pod);
    });
  }

  /** To be called once, when whoever is told is ready to hear. */
  start(): void {
    for (const object of this.#query.objects) if (object.kind === 'pods') void this.#meetNamed(object);
    this.#update();
  }

  /** By their numbers. */
  get sources(): readonly LogSource[] {
    return this.#sources;
  }

  get problems(): readonly string[] {
    const unread =
      this.#unread === 0 ? [] : [`${this.#unread} more containers are not read: ${mostAtOnce(this.#query)}`];
    return [...this.#selection.problems, ...this.#problems, ...unread];
  }

  /** Which pods are meant is known, at least for now. */
  get resolved(): boolean {
    return this.#selection.settled && [...this.#pods.values()].every(({ looking }) => !looking);
  }

  dispose(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new KubeSageError('cancelled', 'The logs were closed'));
    this.#looking.dispose();
    this.#selection.dispose();
    for (const pod of this.#pods.values()) for (const wake of pod.waiting) wake();
  }

  #update(): void {
    const now = new Map<string, string>();
    for (const { mark, ...name } of this.#selection.pods) {
      now.set(keyOf(name), mark);
      this.#meet(name);
    }
    for (const [key, pod] of this.#pods) {
      const mark = now.get(key) ?? '';
      pod.gone = mark === '' && this.#selection.settled;
      // A pod that was named may never have been in a list.
      if (pod.gone && pod.mark !== '') this.#markDeleted(pod);
      // Whoever waits asks the API server: only when there may be something to hear.
      if (mark !== pod.mark) for (const wake of pod.waiting) wake();
      pod.mark = mark;
    }
    this.#begun ||= this.#selection.settled;
    this.#tell();
    this.#endIfOver();
  }

  /** What had ended before its pod was deleted is read no more, and so would never be told. */
  #markDeleted(pod: KnownPod): void {
    const { sources } = pod;
    pod.deleted = true;
    this.#sources = this.#sources.map((source) =>
      source.state === 'ended' && sources.has(source.index) ? { ...source, state: 'gone' } : source,
    );
  }

  /** A pod that is named need not be found in a list, which may not be allowed or not be there yet. */
  async #meetNamed({ cluster, namespace, name, uid }: ObjectRef): Promise<void> {
    // The list says when it is opened.
    if (this.#deps.fleet.byId(cluster)?.open === false) return;
    this.#active++;
    try {
      const found = uid ?? (await readByName(this.#deps, { cluster, namespace, name }, this.#abort.signal))?.uid;
      if (found !== undefined && !this.#abort.signal.aborted) this.#meet({ cluster, namespace, name, uid: found });
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#report(name, error);
    } finally {
      this.#active--;
      this.#endIfOver();
    }
  }

  #report(pod: string, error: unknown): void {
    const problem = `${pod}: ${error instanceof Error ? error.message : String(error)}`;
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
    this.#tell();
  }

  #meet(name: PodName): void {
    const key = keyOf(name);
    if (this.#pods.has(key)) return;
    const pod: KnownPod = {
      name,
      read: undefined,
      waiting: new Set(),
      containers: new Set(),
      sources: new Set(),
      deleted: false,
      looking: false,
      mark: '',
      gone: false,
      isNew: this.#begun,
    };
    this.#pods.set(key, pod);
    void this.#look(pod);
  }

  /** Finds the containers of a pod that are no sources yet. */
  async #look(pod: KnownPod): Promise<void> {
    if (pod.looking || this.#abort.signal.aborted) return;
    pod.looking = true;
    this.#active++;
    try {
      const read = await this.#read(pod);
      if (read === undefined || this.#abort.signal.aborted) return;
      for (const container of read.containers) {
        if (pod.containers.has(container.name)) continue;
        pod.containers.add(container.name);
        this.#addSource(pod, read, container);
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#report(pod.name.name, error);
    } finally {
      pod.looking = false;
      this.#active--;
      this.#tell();
      this.#endIfOver();
    }
  }

  #addSource(pod: KnownPod, read: Pod, container: Container): void {
    const isWanted = isChosen(this.#query, read, container);
    const chosen = isWanted && this.#reading() < this.#query.maxSources;
    const { name: podName, ...where } = pod.name;
    const source: LogSource = {
      ...where,
      index: this.#sources.length,
      pod: podName,
      container: container.name,
      type: container.type,
      chosen,
      state: chosen ? 'waiting' : 'unread',
      ...(isWanted && !chosen && { reason: mostAtOnce(this.#query) }),
      restarts: container.restarts,
      node: read.node,
    };
    this.#sources = [...this.#sources, source];
    pod.sources.add(source.index);
    if (isWanted && !chosen) this.#unread++;
    if (chosen) void this.#followSource(pod, source);
  }

  #reading(): number {
    return this.#sources.filter(({ state }) => ['waiting', 'streaming', 'reconnecting'].includes(state)).length;
  }

  async #followSource(pod: KnownPod, source: LogSource): Promise<void> {
    const { index, container } = source;
    const lines = this.#lines;
    this.#active++;
    const change = (next: Partial<LogSource>) => {
      const known = this.#sources[index] as LogSource;
      this.#sources = this.#sources.with(index, { ...known, ...next });
      this.#tell();
    };
    // A pod that came later is read from its beginning: it is new.
    const { previous, sinceSeconds, tailLines } = this.#query;
    const query = {
      previous,
      sinceSeconds: pod.isNew ? undefined : sinceSeconds,
      tailLines: pod.isNew ? undefined : tailLines,
    };
    const follower = new Follower({
      deps: this.#deps,
      pod: pod.name,
      container,
      query,
      follow: this.#follow,
      takeUp: lines.takeUp?.(source),
      hold: () => lines.hold?.(),
      readPod: () => this.#read(pod),
      changed: (withinMs) => this.#changed(pod, withinMs),
      signal: this.#abort.signal,
      sink: {
        line: (at, text) => lines.line(index, at, text),
        note: (at, text) => lines.note(index, at, text),
        state: (state, reason, rule) => {
          const { reason: _reason, rule: _rule, ...known } = this.#sources[index] as LogSource;
          this.#sources = this.#sources.with(index, {
            ...known,
            state: state === 'ended' && pod.deleted ? 'gone' : state,
            ...(reason !== undefined && reason !== '' && { reason }),
            ...(rule !== undefined && { rule }),
          });
          this.#tell();
        },
        restarts: (restarts) => change({ restarts }),
        behind: (isBehind) => lines.behind(index, isBehind),
        parts: lines.parts?.(index),
      },
    });
    try {
      await follower.run();
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        change({ state: 'failed', reason: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      this.#active--;
      this.#endIfOver();
    }
  }

  async #read(pod: KnownPod): Promise<Pod | undefined> {
    const now = this.#deps.clock.steady();
    if (pod.read === undefined || now - pod.read.at > freshMs) {
      pod.read = { at: now, answer: readOnce(this.#deps, pod.name, this.#abort.signal) };
    }
    return pod.read.answer;
  }

  #changed(pod: KnownPod, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer.dispose();
        pod.waiting.delete(wake);
        resolve();
      };
      const timer = this.#deps.clock.after(withinMs, wake);
      pod.waiting.add(wake);
    });
  }

  #tell(): void {
    if (!this.#abort.signal.aborted) this.#lines.changed();
  }

  /** Without following, the end is when everything that is there was read. */
  #endIfOver(): void {
    if (this.#follow || this.#active > 0 || !this.#selection.settled || this.#abort.signal.aborted) return;
    this.#lines.over();
  }
}

function mostAtOnce({ maxSources }: LogQuery): string {
  return `at most ${maxSources} at once`;
}

function keyOf({ cluster, uid }: PodName): string {
  return `${cluster}/${uid}`;
}

/** The pod of that uid; undefined when it is gone, also when another one has its name now. */
async function readOnce(deps: LogDeps, name: PodName, signal: AbortSignal): Promise<Pod | undefined> {
  const pod = await readByName(deps, name, signal);
  return pod?.uid === name.uid ? pod : undefined;
}

async function readByName(
  { fleet }: LogDeps,
  name: Omit<PodName, 'uid'>,
  signal: AbortSignal,
): Promise<Pod | undefined> {
  try {
    const headers = { accept: 'application/json' };
    const answer = await fleet.request(name.cluster, { path: podPath(name), headers, signal });
    return readPod(JSON.parse(new TextDecoder().decode(answer.body)));
  } catch (error) {
    if (error instanceof KubeSageError && error.code === 'notFound') return undefined;
    throw error;
  }
}
