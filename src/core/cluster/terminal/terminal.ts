import type { PipeEnd, Principal } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { Channels, type Ending, remoteProtocols } from './channels.ts';
import { nodeShellCommand, remotePath, shellCommand } from './commands.ts';
import type { TerminalDown, TerminalSize, TerminalState, TerminalTarget, TerminalUp } from './contract.ts';
import { containersOf, isWindows, specOf } from './model.ts';
import { Output } from './output.ts';
import { Places, type TerminalDeps } from './places.ts';

/** What is typed faster than the program reads, in bytes: a paste of some megabytes. */
const waitingInputBytes = 8 * 1024 * 1024;
/** A fresh shell behind an attach has written its prompt before anybody listened: it is asked for another one. */
const promptMs = 400;

const enter = 13;

/** Ctrl-C, Ctrl-\ and Ctrl-Z stop what writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const interrupts = /[\u0003\u001c\u001a]/;

/** Where a terminal goes, as the server is asked for it. */
interface Way {
  verb: 'exec' | 'attach';
  pod: { namespace: string; name: string };
  container: string | undefined;
  command?: readonly string[];
  tty: boolean;
  stdin: boolean;
  /** Nothing is there to be seen before something is typed. */
  silent?: boolean;
}

/** One terminal: from its opening to its end, whatever comes between. */
export class TerminalSession implements PipeEnd<TerminalUp> {
  readonly #deps: TerminalDeps;
  readonly #target: TerminalTarget;
  readonly #send: (message: TerminalDown) => void;
  readonly #places: Places;
  readonly #output: Output;
  readonly #encoder = new TextEncoder();
  readonly #end = new AbortController();
  #size: TerminalSize;
  #channels: Channels | undefined;
  /** Typed before it was open. */
  #early: Uint8Array[] = [];
  #wrote = false;
  #over = false;

  constructor(
    deps: TerminalDeps,
    input: { target: TerminalTarget; size: TerminalSize; confirmed?: string | undefined },
    principal: Principal,
    send: (message: TerminalDown) => void,
  ) {
    this.#deps = deps;
    this.#target = input.target;
    this.#size = input.size;
    this.#send = send;
    this.#places = new Places(deps, { principal, confirmed: input.confirmed });
    this.#output = new Output({
      clock: deps.clock,
      send: (stream, text) => send({ type: 'output', stream, text }),
      skipped: (count) => send({ type: 'skipped', count }),
      hold: (held) => (held ? this.#channels?.pause() : this.#channels?.resume()),
    });
    this.#open(principal).catch((error: unknown) => this.#fail(error));
  }

  receive(message: TerminalUp): void {
    switch (message.type) {
      case 'input':
        this.#type(this.#encoder.encode(message.text), interrupts.test(message.text));
        return;
      case 'bytes':
        this.#type(
          Uint8Array.from(message.text, (character) => character.charCodeAt(0)),
          false,
        );
        return;
      case 'resize':
        this.#size = { columns: message.columns, rows: message.rows };
        this.#channels?.resize(this.#size);
        return;
      case 'taken':
        this.#output.taken(message.count);
        return;
      case 'endInput':
        // Older servers know no end of the input; a terminal's own sign for it is Ctrl-D.
        if (this.#channels?.endInput() === false) this.#type(Uint8Array.of(4), false);
        return;
    }
  }

  dispose(): void {
    if (!this.#end.signal.aborted) this.#end.abort(new KubeSageError('cancelled', 'The terminal is closed'));
    this.#output.dispose();
    this.#channels?.dispose();
    this.#places.dispose();
  }

  async #open(principal: Principal): Promise<void> {
    this.#say({ state: 'connecting' });
    const way = await this.#wayTo();
    this.#end.signal.throwIfAborted();
    this.#say({ state: 'connecting', message: 'Connecting', pod: way.pod.name, ...named(way.container) });
    await this.#deps.audit.ready();
    let channels: Channels;
    try {
      const socket = await this.#deps.fleet.upgrade(this.#target.object.cluster, {
        path: remotePath(way.verb, way.pod, way),
        protocols: remoteProtocols,
        signal: this.#end.signal,
      });
      channels = new Channels(socket, {
        output: (stream, bytes) => {
          this.#wrote = true;
          this.#output.receive(stream, bytes);
        },
        end: (ending) => {
          // An attach ends well however its program did.
          if (way.verb === 'exec' || ending.exitCode === undefined) this.#ended(ending);
          else this.#endedElsewhere(way.container).catch((error: unknown) => this.#fail(error));
        },
        lost: (error) => this.#lost(error),
      });
    } catch (error) {
      if (!this.#end.signal.aborted) await this.#record(way, principal, error);
      throw error;
    }
    this.#channels = channels;
    // Closed meanwhile: nobody would close this one any more.
    if (this.#end.signal.aborted) {
      channels.dispose();
      return;
    }
    await this.#record(way, principal, undefined);
    if (way.tty) channels.resize(this.#size);
    for (const bytes of this.#early.splice(0)) channels.input(bytes);
    this.#say({ state: 'open', pod: way.pod.name, ...named(way.container), tty: way.tty });
    if (way.silent === true) {
      this.#deps.clock.after(promptMs, () => !this.#wrote && this.#type(Uint8Array.of(13), false));
    }
  }

  /** Makes what is to be there, and says where to go. */
  async #wayTo(): Promise<Way> {
    const target = this.#target;
    const { signal } = this.#end;
    const { namespace, name } = target.object;
    const pod = { namespace, name };
    switch (target.mode) {
      case 'exec': {
        const found = await this.#places.pod(target.object, signal);
        const container =
          target.container ?? (found && containersOf(found).find((each) => each.default)?.name) ?? undefined;
        const command = target.command ?? shellCommand(found !== undefined && isWindows(found));
        return { verb: 'exec', pod, container, command, tty: target.tty, stdin: true };
      }
      case 'attach': {
        const found = await this.#places.pod(target.object, signal);
        const container = target.container ?? (found && containersOf(found).find((each) => each.default)?.name);
        const spec = found && container !== undefined ? specOf(found, container) : undefined;
        return { verb: 'attach', pod, container, tty: spec?.tty === true, stdin: spec?.stdin === true };
      }
      case 'debug': {
        const container = await this.#places.debugContainer(target, signal, (message) => this.#waits(message));
        return { verb: 'attach', pod, container, tty: true, stdin: true, silent: true };
      }
      case 'node': {
        const own = await this.#places.nodePod(target, signal, (message) => this.#waits(message));
        return { verb: 'exec', pod: own, container: 'shell', command: nodeShellCommand(), tty: true, stdin: true };
      }
    }
  }

  /** That a terminal was opened, by whom and where; never what was typed or shown in it. */
  async #record({ verb, pod, container }: Way, principal: Principal, failure: unknown): Promise<void> {
    const { object } = this.#target;
    const cluster = this.#deps.fleet.byId(object.cluster);
    await this.#deps.audit.record({
      principal: principal.id,
      user: cluster?.user ?? '',
      run: '',
      action: verb,
      cluster: object.cluster,
      clusterName: cluster?.name ?? object.cluster,
      kind: 'pods',
      ...pod,
      request: `POST /api/v1/namespaces/${pod.namespace}/pods/${pod.name}/${verb}${container === undefined ? '' : `?container=${container}`}`,
      changes: [],
      result: failure === undefined ? 'done' : 'failed',
      ...(failure !== undefined && { error: failure instanceof Error ? failure.message : String(failure) }),
    });
  }

  #type(bytes: Uint8Array, interrupt: boolean): void {
    if (this.#over || bytes.length === 0) return;
    if (interrupt) this.#output.interrupt();
    else if (bytes.includes(enter)) this.#output.command();
    if (this.#channels === undefined) {
      this.#early.push(bytes);
      return;
    }
    if (this.#channels.waitingBytes + bytes.length > waitingInputBytes) {
      throw new KubeSageError('tooMany', 'The program does not read what is typed: 8 MB wait', { hint: 'Paste less.' });
    }
    this.#channels.input(bytes);
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

  async #endedElsewhere(container: string | undefined): Promise<void> {
    const { object } = this.#target;
    const asked = container !== undefined && this.#places.exitCode(object, container, this.#end.signal);
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
    const known = error instanceof KubeSageError ? error : undefined;
    this.#finish({
      state: 'failed',
      message: known?.message ?? (error instanceof Error ? error.message : String(error)),
      ...(known?.hint !== undefined && { hint: known.hint }),
    });
  }

  #finish(state: Omit<TerminalState, 'type'>): void {
    if (this.#over) return;
    this.#over = true;
    this.#output.finish();
    this.#say(state);
    this.#channels?.dispose();
    this.#places.dispose();
  }

  #say(state: Omit<TerminalState, 'type'>): void {
    if (!this.#end.signal.aborted) this.#send({ type: 'state', ...state });
  }
}

function named(container: string | undefined): { container?: string } {
  return container === undefined ? {} : { container };
}
