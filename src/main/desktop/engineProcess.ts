import { type ChildProcess, spawn } from 'node:child_process';
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { engineFlags } from '../engineFlags.ts';
import { reasonOf } from './exitReason.ts';

/** What the window is told about the engine. `attempt` counts restarts since it last ran well. */
export type EngineState =
  | { state: 'starting' }
  | { state: 'running' }
  | { state: 'restarting'; reason: string; attempt: number; delayMs: number }
  | { state: 'failed'; reason: string };

export interface EngineOptions {
  /** The engine's entry file. */
  entry: string;
  /** A Node binary to run it on, where Electron's own is too old; undefined runs it as a utility process. */
  node: string | undefined;
  args: readonly string[];
  /**
   * Told to the engine when it is known, over its own channel: never on a command line, where others could read it. The
   * engine loads its program meanwhile.
   */
  sealKey: Promise<Uint8Array | undefined>;
  onState(state: EngineState): void;
  /** Asks the user in a dialog of the desktop's own; resolves with whether they agreed. */
  confirm(message: string, detail: string): Promise<boolean>;
}

/** Time after which a running engine counts as well, and its earlier crashes are forgotten. */
const settledMs = 60_000;
const longestDelayMs = 30_000;
const mostAttempts = 8;

/**
 * The engine in a process of its own, started again when it dies, with growing pauses. Windows' ports are handed to it
 * whole where it is a utility process; where it runs on a Node of its own, messages are passed on one by one.
 */
export class EngineProcess {
  readonly #options: EngineOptions;
  #child: UtilityProcess | ChildProcess | undefined;
  #ports = new Map<number, MessagePortMain>();
  #nextPort = 1;
  #attempt = 0;
  #startedAt = 0;
  #stopping = false;
  #lastWords = '';
  #restart: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid ?? undefined;
  }

  start(): void {
    this.#startedAt = Date.now();
    this.#lastWords = '';
    this.#options.onState({ state: 'starting' });
    if (this.#options.node === undefined) this.#startUtility();
    else this.#startNode(this.#options.node);
  }

  /** Gives the engine one end of a connection; the other end belongs to a window. */
  connect(port: MessagePortMain): void {
    const child = this.#child;
    if (child === undefined) {
      port.close();
      return;
    }
    if (isUtility(child)) {
      child.postMessage({ type: 'connect' }, [port]);
      return;
    }
    const id = this.#nextPort++;
    this.#ports.set(id, port);
    child.send({ type: 'connect', id });
    port.on('message', ({ data }) => {
      if (child.connected) child.send({ type: 'message', id, data });
    });
    port.on('close', () => {
      this.#ports.delete(id);
      if (child.connected) child.send({ type: 'close', id });
    });
    port.start();
  }

  /** Asks the engine to save and end; kills it when it does not within the time. Resolves when it is gone. */
  stop(timeoutMs = 5_000): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => (isUtility(child) ? child.kill() : child.kill('SIGKILL')), timeoutMs);
      const gone = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isUtility(child)) {
        child.once('exit', gone);
        child.postMessage({ type: 'stop' });
      } else {
        child.once('exit', gone);
        if (child.connected) child.send({ type: 'stop' });
        else child.kill();
      }
    });
  }

  #startUtility(): void {
    const child = utilityProcess.fork(this.#options.entry, [...this.#options.args], {
      serviceName: 'KubeSage engine',
      // Chromium's own spelling: a utility process does not look at Node's.
      execArgv: [`--js-flags=${engineFlags.join(' ')}`],
      stdio: 'pipe',
    });
    this.#child = child;
    child.stderr?.on('data', (text: Buffer) => this.#hear(text));
    void this.#options.sealKey.then((sealKey) => {
      if (this.#child === child) child.postMessage({ type: 'start', sealKey });
    });
    child.on('message', (message: unknown) => {
      this.#answer(message, (answer) => {
        if (this.#child === child) child.postMessage(answer);
      });
    });
    child.once('spawn', () => this.#running());
    child.once('exit', (code) => this.#exited(`exit code ${code}`));
  }

  #startNode(node: string): void {
    const child = spawn(node, [...engineFlags, this.#options.entry, ...this.#options.args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    this.#child = child;
    let ended = false;
    const exit = (reason: string) => {
      if (ended) return;
      ended = true;
      this.#exited(reason);
    };
    child.stderr?.on('data', (text: Buffer) => this.#hear(text));
    void this.#options.sealKey.then((sealKey) => {
      if (child.connected) child.send({ type: 'start', sealKey });
    });
    child.once('spawn', () => this.#running());
    child.once('error', (error) => exit(error.message));
    child.once('exit', (code, signal) => exit(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.on('message', (message) => {
      this.#answer(message, (answer) => {
        if (child.connected) child.send(answer);
      });
      const { type, id, data } = message as { type: string; id: number; data?: unknown };
      const port = this.#ports.get(id);
      if (type === 'message') port?.postMessage(data);
      else if (type === 'close') port?.close();
    });
  }

  #answer(raw: unknown, send: (answer: { type: 'answer'; id: number; yes: boolean }) => void): void {
    const { type, id, message, detail } = raw as { type: string; id: number; message: string; detail: string };
    if (type !== 'ask') return;
    void this.#options.confirm(message, detail).then((yes) => send({ type: 'answer', id, yes }));
  }

  #running(): void {
    this.#options.onState({ state: 'running' });
  }

  /** Keeps the end of what the engine wrote to its error output, which says why it died. */
  #hear(text: Buffer): void {
    process.stderr.write(text);
    this.#lastWords = (this.#lastWords + text.toString()).slice(-2_000);
  }

  #exited(how: string): void {
    this.#child = undefined;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
    if (this.#stopping) return;
    if (Date.now() - this.#startedAt > settledMs) this.#attempt = 0;
    this.#attempt++;
    const reason = reasonOf(how, this.#lastWords);
    if (this.#attempt > mostAttempts) {
      this.#options.onState({ state: 'failed', reason });
      return;
    }
    // The first restart is at once; then 0.5 s, 1 s, 2 s … up to 30 s.
    const delayMs = this.#attempt === 1 ? 0 : Math.min(longestDelayMs, 250 * 2 ** (this.#attempt - 1));
    this.#options.onState({ state: 'restarting', reason, attempt: this.#attempt, delayMs });
    this.#restart = setTimeout(() => this.start(), delayMs);
  }
}

function isUtility(child: UtilityProcess | ChildProcess): child is UtilityProcess {
  return 'postMessage' in child;
}
