import type { Port } from '../../core/kernel/client.ts';
import { Emitter } from '../../core/kernel/emitter.ts';

/** What passes between the desktop and an engine on a Node of its own, several connections over one channel. */
export type ChildMessage =
  | { type: 'start'; sealKey: Uint8Array | undefined }
  | { type: 'connect'; id: number }
  | { type: 'message'; id: number; data: unknown }
  | { type: 'close'; id: number }
  | { type: 'stop' };

class ChildPort implements Port {
  readonly #message = new Emitter<unknown>();
  readonly #closed = new Emitter<void>();
  readonly onMessage = this.#message.event;
  readonly onClose = this.#closed.event;
  readonly #send: (message: ChildMessage) => void;
  readonly #id: number;
  #open = true;

  constructor(id: number, send: (message: ChildMessage) => void) {
    this.#id = id;
    this.#send = send;
  }

  post(data: unknown): void {
    if (this.#open) this.#send({ type: 'message', id: this.#id, data });
  }

  receive(data: unknown): void {
    if (this.#open) this.#message.fire(data);
  }

  /** The other side is gone. */
  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed.fire();
    this.#message.dispose();
    this.#closed.dispose();
  }

  dispose(): void {
    if (!this.#open) return;
    this.#send({ type: 'close', id: this.#id });
    this.closed();
  }
}

/** Tells connections apart that share the channel to the parent process. */
export function createChildPorts(send: (message: ChildMessage) => void, accept: (port: Port) => void) {
  const ports = new Map<number, ChildPort>();
  return {
    receive(message: ChildMessage): void {
      if (message.type === 'connect') {
        const port = new ChildPort(message.id, send);
        ports.set(message.id, port);
        port.onClose(() => ports.delete(message.id));
        accept(port);
      } else if (message.type === 'message') ports.get(message.id)?.receive(message.data);
      else if (message.type === 'close') ports.get(message.id)?.closed();
    },
  };
}
