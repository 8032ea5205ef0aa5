import { randomUUID } from 'node:crypto';
import type { PipeEnd, Principal } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type {
  TerminalDown,
  TerminalSessionRow,
  TerminalSize,
  TerminalState,
  TerminalTarget,
  TerminalUp,
} from './contract.ts';
import type { Ending, Line } from './line.ts';
import { Output } from './output.ts';
import { Places, type TerminalDeps } from './places.ts';
import { Taping } from './taping.ts';
import { connect, findWay, type Way } from './ways.ts';
import { recordEnd, recordOpening } from './witness.ts';

/** What is typed faster than the program reads, in bytes: a paste of some megabytes. */
const waitingInputBytes = 8 * 1024 * 1024;
/** A fresh shell behind an attach has written its prompt before anybody listened: it is asked for another one. */
const promptMs = 400;
/** Without a screen, what is written is taken after this: some megabytes a second at most. */
const unseenMs = 20;

const enter = 13;

/** Ctrl-C, Ctrl-\ and Ctrl-Z stop what writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const interrupts = /[\u0003\u001c\u001a]/;

type Send = (message: TerminalDown) => void;
type Told = Omit<TerminalState, 'type' | 'session' | 'recording'>;

interface Opening {
  target: TerminalTarget;
  size: TerminalSize;
  confirmed?: string | undefined;
}

/** One terminal: from its opening to its end, whatever comes between, on a screen or without one. */
export class TerminalSession {
  /** By it, it is found again: nobody guesses it. */
  readonly id = randomUUID();
  readonly principal: Principal;
  readonly #deps: TerminalDeps;
  readonly #target: TerminalTarget;
  readonly #places: Places;
  readonly #output: Output;
  readonly #taping: Taping;
  readonly #encoder = new TextEncoder();
  readonly #end = new AbortController();
  readonly #startedAt: number;
  #screen: Send | undefined;
  #size: TerminalSize;
  #line: Line | undefined;
  /** Typed before it was open. */
  #early: Uint8Array[] = [];
  #told: Told = { state: 'connecting' };
  #way: Way | undefined;
  #wrote = false;
  #over = false;

  constructor(deps: TerminalDeps, { target, size, confirmed }: Opening, principal: Principal) {
    this.principal = principal;
    this.#deps = deps;
    this.#target = target;
    this.#size = size;
    this.#startedAt = deps.clock.now();
    this.#places = new Places(deps, { principal, confirmed });
    this.#taping = new Taping(deps, { target, principal }, (error) => this.#untaped(error));
    this.#output = new Output({
      clock: deps.clock,
      send: (stream, text) => this.#show(stream, text),
      skipped: (count) => {
        this.#taping.skipped(count);
        this.#screen?.({ type: 'skipped', count });
      },
      hold: (held) => (held ? this.#line?.pause() : this.#line?.resume()),
    });
  }

  get row(): TerminalSessionRow {
    const { pod, container } = this.#told;
    return {
      session: this.id,
      target: this.#target,
      ...(pod !== undefined && { pod }),
      ...(container !== undefined && { container }),
      startedAt: this.#startedAt,
      attached: this.#screen !== undefined,
      over: this.#over,
    };
  }

  /** Opens it on its first screen, which may go before it is open. */
  start(screen: Send): PipeEnd<TerminalUp> {
    this.#screen = screen;
    this.#open().catch((error: unknown) => this.#fail(error));
    return this.#pipe(screen);
  }

  /** Goes on on this screen, with what was shown before. The one that had it is told so. */
  takeUp(screen: Send, size: TerminalSize): PipeEnd<TerminalUp> {
    this.#screen?.({
      type: 'state',
      session: this.id,
      state: 'lost',
      message: 'It is shown in another window now',
      hint: 'Reconnect to have it here.',
      continues: true,
    });
    this.#screen = undefined;
    this.#output.forget();
    this.#screen = screen;
    screen({ type: 'replay', text: this.#taping.shown() });
    this.#tell();
    // A program that fills the screen draws it anew when its size changes, and only then.
    const { columns, rows } = size;
    if (!this.#over) this.#line?.resize({ columns, rows: rows > 1 ? rows - 1 : rows + 1 });
    this.#resize(size);
    return this.#pipe(screen);
  }

  /** To be called when what a cluster asks for may have changed. */
  checkPolicy(): void {
    if (this.#way === undefined || this.#over || !this.#taping.isMissing) return;
    this.#taping.start(this.#size, false).then(
      () => this.#tell(),
      (error: unknown) => this.#untaped(error),
    );
  }

  /** What is left to do is among `removals`. */
  dispose(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort(new KubeSageError('cancelled', 'The terminal is closed'));
    this.#screen = undefined;
    this.#finish({ state: 'ended' });
    this.#output.dispose();
  }

  #pipe(screen: Send): PipeEnd<TerminalUp> {
    return {
      receive: (message) => {
        if (this.#screen === screen) this.#receive(message);
      },
      dispose: () => {
        if (this.#screen !== screen) return;
        this.#screen = undefined;
        this.#output.forget();
      },
    };
  }

  #receive(message: TerminalUp): void {
    switch (message.type) {
      case 'input':
        this.#taping.input(message.text);
        this.#type(this.#encoder.encode(message.text), interrupts.test(message.text));
        return;
      case 'bytes':
        this.#type(
          Uint8Array.from(message.text, (character) => character.charCodeAt(0)),
          false,
        );
        return;
      case 'resize':
        this.#resize({ columns: message.columns, rows: message.rows });
        return;
      case 'taken':
        this.#output.taken(message.count);
        return;
      case 'endInput':
        // Older servers know no end of the input; a terminal's own sign for it is Ctrl-D.
        if (this.#line?.endInput() === false) this.#type(Uint8Array.of(4), false);
        return;
      case 'record':
        this.#record(message);
        return;
      case 'close':
        this.dispose();
        return;
    }
  }

  async #open(): Promise<void> {
    const { signal } = this.#end;
    const deps = this.#deps;
    this.#say({ state: 'connecting' });
    const way = await findWay(deps, this.#target, this.#places, signal, (message) => this.#waits(message));
    signal.throwIfAborted();
    this.#way = way;
    this.#say({ state: 'connecting', message: 'Connecting', ...placeOf(way) });
    await deps.audit.ready();
    let line: Line;
    try {
      // What must be recorded is recorded from its first character on, or is not opened.
      if (this.#taping.isMissing) await this.#taping.start(this.#size, false);
      line = await connect(deps, this.#target, way, {
        size: this.#size,
        signal,
        events: {
          output: (stream, bytes) => {
            this.#wrote = true;
            this.#output.receive(stream, bytes);
          },
          end: (ending) => {
            // An attach ends well however its program did.
            if (way.verb !== 'attach' || ending.exitCode === undefined) this.#ended(ending);
            else this.#endedElsewhere(way).catch((error: unknown) => this.#fail(error));
          },
          lost: (error) => this.#lost(error),
        },
      });
    } catch (error) {
      this.#taping.drop();
      if (!signal.aborted) await recordOpening(deps, this.#witnessed(way), error);
      throw error;
    }
    this.#line = line;
    // Closed meanwhile: nobody would close this one any more.
    if (signal.aborted) {
      line.dispose();
      return;
    }
    await recordOpening(deps, this.#witnessed(way), undefined);
    for (const bytes of this.#early.splice(0)) line.input(bytes);
    // It may have ended within that time.
    if (!this.#over) this.#say({ state: 'open', ...placeOf(way), tty: way.tty });
    if (way.verb !== 'local' && way.silent === true) {
      deps.clock.after(promptMs, () => !this.#wrote && this.#type(Uint8Array.of(13), false));
    }
  }

  #witnessed(way: Way) {
    return {
      session: this.id,
      target: this.#target,
      way,
      principal: this.principal,
      recording: this.#taping.recording,
    };
  }

  #show(stream: 'out' | 'err', text: string): void {
    this.#taping.output(text);
    if (this.#screen !== undefined) this.#screen({ type: 'output', stream, text });
    else this.#deps.clock.after(unseenMs, () => this.#output.taken(text.length));
  }

  #resize(size: TerminalSize): void {
    this.#size = size;
    this.#taping.resize(size);
    this.#line?.resize(size);
  }

  #record({ on, input }: { on: boolean; input: boolean }): void {
    if (this.#over || this.#way === undefined) return;
    const way = this.#way;
    const change = on
      ? this.#taping.start(this.#size, input)
      : this.#taping.stop().then((done) => done && recordEnd(this.#deps, this.#witnessed(way), { recorded: done }));
    change.then(
      () => this.#tell(),
      (error: unknown) => this.#untaped(error),
    );
  }

  /** A recording could not begin or go on: where the cluster wants it, neither can the terminal. */
  #untaped(error: unknown): void {
    const { message, hint } = told(error);
    this.#taping.drop();
    if (this.#taping.isRequired) this.#finish({ state: 'failed', message, ...(hint !== undefined && { hint }) });
    else this.#say({ ...this.#told, message, ...(hint !== undefined && { hint }) });
  }

  #type(bytes: Uint8Array, interrupt: boolean): void {
    if (this.#over || bytes.length === 0) return;
    if (interrupt) this.#output.interrupt();
    else if (bytes.includes(enter)) this.#output.command();
    if (this.#line === undefined) {
      this.#early.push(bytes);
      return;
    }
    if (this.#line.waitingBytes + bytes.length > waitingInputBytes) {
      throw new KubeSageError('tooMany', 'The program does not read what is typed: 8 MB wait', { hint: 'Paste less.' });
    }
    this.#line.input(bytes);
  }

  #waits(message: string): void {
    this.#say({ state: 'connecting', message });
  }

  #ended({ exitCode, message }: Ending): void {
    const noProgram = message !== undefined && /executable file not found|no such file or directory/i.test(message);
    this.#finish({
      state: 'ended',
      ...(message !== undefined && { message }),
      ...(exitCode !== undefined && { exitCode }),
      ...(noProgram && { noProgram, hint: 'Use a debug container: it brings its own programs.' }),
    });
  }

  async #endedElsewhere(way: Exclude<Way, { verb: 'local' }>): Promise<void> {
    const { cluster } = this.#target.object;
    const object = { cluster, kind: 'pods', ...way.pod };
    const asked = way.container !== undefined && this.#places.exitCode(object, way.container, this.#end.signal);
    // Gone with its pod, or not to be read: then it is not known.
    const exitCode = await Promise.resolve(asked || undefined).catch(() => undefined);
    this.#ended(exitCode === undefined ? {} : { exitCode });
  }

  #lost(error: KubeSageError | undefined): void {
    this.#finish({
      state: 'lost',
      message: error?.message ?? 'The connection was ended without a word',
      ...(error?.hint !== undefined && { hint: error.hint }),
    });
  }

  #fail(error: unknown): void {
    if (this.#end.signal.aborted) return;
    const { message, hint } = told(error);
    this.#finish({ state: 'failed', message, ...(hint !== undefined && { hint }) });
  }

  #finish(state: Told): void {
    if (this.#over) return;
    this.#over = true;
    this.#output.finish();
    const opened = this.#line !== undefined;
    const way = this.#way;
    const { recording } = this.#taping;
    if (opened && way !== undefined) {
      const witnessed = { ...this.#witnessed(way), recording };
      const ending = this.#taping
        .stop(true)
        .then((recorded) =>
          recordEnd(this.#deps, witnessed, { recorded, exitCode: state.exitCode, over: state.state }),
        );
      this.#deps.removals.add(ending);
      ending
        .catch((error: unknown) => this.#screen?.({ type: 'state', session: this.id, ...state, ...told(error) }))
        .finally(() => this.#deps.removals.delete(ending));
    }
    this.#say({ ...placeOf(way), ...state });
    this.#line?.dispose();
    this.#places.dispose();
  }

  #say(told: Told): void {
    this.#told = told;
    if (!this.#end.signal.aborted) this.#tell();
  }

  #tell(): void {
    const { recording } = this.#taping;
    this.#screen?.({ type: 'state', session: this.id, ...this.#told, ...(recording !== undefined && { recording }) });
  }
}

function placeOf(way: Way | undefined): { pod?: string; container?: string } {
  if (way === undefined || way.verb === 'local') return {};
  return { pod: way.pod.name, ...(way.container !== undefined && { container: way.container }) };
}

function told(error: unknown): { message: string; hint?: string } {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof KubeSageError ? error.hint : undefined;
  return { message, ...(hint !== undefined && { hint }) };
}
