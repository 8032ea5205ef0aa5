import type { Port } from '../client.ts';
import { Inbox } from './inbox.ts';

/*
 * Ports of the platforms, by their shape and not by their type: the kernel is compiled without DOM, Node or Electron.
 * Each function takes the port over: nobody else may listen to it or post to it.
 */

/** A browser's MessagePort, or that of node:worker_threads. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: object) => void): void;
  start(): void;
  close(): void;
}

/** The other side's end is noticed where the platform tells of it: Node does, browsers since Chromium 122. */
export function fromMessagePort(port: MessagePortLike): Port {
  const inbox = new Inbox();
  port.addEventListener('message', (event) => inbox.deliver('data' in event ? event.data : undefined));
  // What cannot be read here was no message of ours: it is handed on as nothing, and refused as such.
  port.addEventListener('messageerror', () => inbox.deliver(undefined));
  port.addEventListener('close', () => inbox.dispose());
  port.start();
  return portOf(
    inbox,
    (message) => port.postMessage(message),
    () => port.close(),
  );
}

/** Electron's MessagePortMain, in the main process and in utility processes. */
export interface MessagePortMainLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function fromMessagePortMain(port: MessagePortMainLike): Port {
  const inbox = new Inbox();
  port.on('message', ({ data }) => inbox.deliver(data));
  port.on('close', () => inbox.dispose());
  port.start();
  return portOf(
    inbox,
    (message) => port.postMessage(message),
    () => port.close(),
  );
}

/** `process.parentPort` of an Electron utility process. It lives as long as the process does. */
export interface ParentPortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

export function fromParentPort(port: ParentPortLike): Port {
  const inbox = new Inbox();
  port.on('message', ({ data }) => inbox.deliver(data));
  return portOf(
    inbox,
    (message) => port.postMessage(message),
    () => {},
  );
}

/** A utility process as Electron's main process sees it. */
export interface UtilityProcessLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
}

/** Disposing the port leaves the process running. */
export function fromUtilityProcess(child: UtilityProcessLike): Port {
  const inbox = new Inbox();
  child.on('message', (message) => inbox.deliver(message));
  child.on('exit', () => inbox.dispose());
  return portOf(
    inbox,
    (message) => child.postMessage(message),
    () => {},
  );
}

/** A child process with an IPC channel, or `process` in such a child. Fork it with `serialization: 'advanced'`. */
export interface ProcessLike {
  readonly connected?: boolean | undefined;
  send?(message: unknown, sent: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

/** Disposing the port closes the channel; it leaves the process running. */
export function fromProcess(other: ProcessLike): Port {
  const inbox = new Inbox();
  other.on('message', (message) => inbox.deliver(message));
  other.on('disconnect', () => inbox.dispose());
  return portOf(
    inbox,
    (message) => {
      if (other.connected !== true) return;
      // It may go away while the message is being written: then `disconnect` says the same.
      other.send?.(message, (error) => {
        if (error !== null) inbox.dispose();
      });
    },
    () => {
      if (other.connected === true) other.disconnect?.();
    },
  );
}

function portOf(inbox: Inbox, post: (message: unknown) => void, close: () => void): Port {
  return {
    post(message) {
      if (!inbox.closed) post(message);
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    dispose() {
      if (inbox.closed) return;
      close();
      inbox.dispose();
    },
  };
}
