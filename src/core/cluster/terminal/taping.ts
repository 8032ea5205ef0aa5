import type { Principal } from '../../kernel/contract.ts';
import type { KubeSageError } from '../../kernel/errors.ts';
import type { Finished, Recorder } from '../../platform/recordings/index.ts';
import type { TerminalRecording, TerminalSize, TerminalTarget } from './contract.ts';
import type { TerminalDeps } from './places.ts';
import { Scrollback } from './scrollback.ts';

/** What is kept of a terminal: what was shown, for another screen; and a recording, where one is asked for. */
export class Taping {
  readonly #deps: TerminalDeps;
  readonly #of: { target: TerminalTarget; principal: Principal };
  readonly #failed: (error: KubeSageError) => void;
  readonly #scrollback = new Scrollback();
  #recorder: { recorder: Recorder; about: TerminalRecording } | undefined;
  #starting: Promise<void> | undefined;

  constructor(
    deps: TerminalDeps,
    of: { target: TerminalTarget; principal: Principal },
    failed: (error: KubeSageError) => void,
  ) {
    this.#deps = deps;
    this.#of = of;
    this.#failed = failed;
  }

  /** The cluster is protected: what happens in it is recorded. */
  get isRequired(): boolean {
    return this.#deps.fleet.byId(this.#of.target.object.cluster)?.protected === true;
  }

  get isMissing(): boolean {
    return this.isRequired && this.#recorder === undefined;
  }

  get recording(): TerminalRecording | undefined {
    return this.#recorder && { ...this.#recorder.about, required: this.isRequired };
  }

  /** Begins a recording; one that is under way goes on as it is. Rejects with `unavailable`. */
  start(size: TerminalSize, withInput: boolean): Promise<void> {
    if (this.#recorder !== undefined) return Promise.resolve();
    this.#starting ??= this.#start(size, withInput).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start({ columns, rows }: TerminalSize, withInput: boolean): Promise<void> {
    const { target, principal } = this.#of;
    const { object, mode } = target;
    const required = this.isRequired;
    const clusterName = this.#deps.fleet.byId(object.cluster)?.name ?? object.cluster;
    const recorder = await this.#deps.recordings.start(
      {
        title: mode === 'local' ? clusterName : [object.namespace, object.name].filter(Boolean).join('/'),
        cluster: object.cluster,
        clusterName,
        mode,
        principal: principal.id,
        required,
        withInput,
        columns,
        rows,
      },
      (error) => this.#failed(error),
    );
    this.#recorder = { recorder, about: { key: recorder.key, required, withInput } };
  }

  /** Ends a recording, where there is one; one that is required ends with its terminal only. */
  async stop(over = false): Promise<Finished | undefined> {
    await this.#starting?.catch(() => undefined);
    if (this.#recorder === undefined || (this.isRequired && !over)) return undefined;
    const { recorder } = this.#recorder;
    this.#recorder = undefined;
    return recorder.end();
  }

  /** Gives up a recording that nothing has come of, or that cannot go on: what is written stays. */
  drop(): void {
    const recorder = this.#recorder?.recorder;
    this.#recorder = undefined;
    // That it cannot be written is known already.
    void recorder?.end().catch(() => undefined);
  }

  output(text: string): void {
    this.#scrollback.push(text);
    this.#recorder?.recorder.output(text);
  }

  input(text: string): void {
    this.#recorder?.recorder.input(text);
  }

  skipped(bytes: number): void {
    this.#recorder?.recorder.mark(`${bytes} bytes left out after an interrupt`);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#recorder?.recorder.resize(columns, rows);
  }

  shown(): string {
    return this.#scrollback.text();
  }
}
