import type { Disposable } from '../../kernel/disposable.ts';
import { type LogItem, type LogLines, type LogQuery, type LogSource, severities } from './contract.ts';
import { createFilter } from './filter.ts';
import { Merge } from './merge.ts';
import type { LogDeps } from './model.ts';
import { PodFollowers } from './podFollowers.ts';
import { ItemQueue } from './queue.ts';
import { severityOf } from './severity.ts';

const note = severities.indexOf('note');

/** All that one query reads, merged. Iterated once. */
export class LogTail implements Disposable {
  readonly #deps: LogDeps;
  readonly #queue: ItemQueue;
  readonly #merge: Merge;
  readonly #followers: PodFollowers;
  #first = 0;
  #told = '';
  #telling: Disposable | undefined;
  #disposed = false;

  /** @throws KubeSageError `invalid` for a pattern that cannot be used */
  constructor(deps: LogDeps, query: LogQuery & { follow: boolean }) {
    this.#deps = deps;
    const filter = createFilter(query);
    this.#queue = new ItemQueue(() => this.dispose());
    const merge = new Merge(deps.clock, (lines) => this.#send(lines));
    this.#merge = merge;
    this.#followers = new PodFollowers(deps, query, {
      line(source, at, text) {
        const severity = severityOf(text);
        if (filter?.(text, severity) ?? true) merge.add(source, at, severity, text);
      },
      note: (source, at, text) => merge.add(source, at, note, text),
      behind: (source, isBehind) => (isBehind ? merge.begin(source) : merge.caughtUp(source)),
      changed: () => this.#tell(),
      over: () => this.#end(),
    });
    this.#followers.start();
  }

  get items(): AsyncIterable<LogItem> {
    return this.#queue;
  }

  get sources(): readonly LogSource[] {
    return this.#followers.sources;
  }

  get problems(): readonly string[] {
    return this.#followers.problems;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#telling?.dispose();
    this.#followers.dispose();
    this.#merge.dispose();
    this.#queue.end();
  }

  #send(lines: LogLines): void {
    if (this.#telling !== undefined) this.#tellNow();
    this.#queue.push({ type: 'lines', first: this.#first, lines });
    this.#first += lines.at.length;
  }

  /** Changes of sources come in flocks: they are told together. */
  #tell(): void {
    if (this.#disposed) return;
    this.#telling ??= this.#deps.clock.after(20, () => this.#tellNow());
  }

  #tellNow(): void {
    this.#telling?.dispose();
    this.#telling = undefined;
    const { sources, problems, resolved } = this.#followers;
    const item: LogItem = { type: 'sources', sources: [...sources], problems: [...problems], resolved };
    const text = JSON.stringify(item);
    if (text === this.#told) return;
    this.#told = text;
    this.#queue.push(item);
  }

  #end(): void {
    this.#merge.flush();
    this.#tellNow();
    this.dispose();
  }
}
