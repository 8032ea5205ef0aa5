import type { Port } from '../../core/kernel/client.ts';
import { Inbox } from '../../core/kernel/ports/inbox.ts';

/** What passes between the desktop and an engine on a Node of its own, several connections over one channel. */
export type ChildMessage =
  | { type: 'start'; sealKey: Uint8Array | undefined }
  | { type: 'connect'; id: number }
  | { type: 'message'; id: number; data: unknown }
  | { type: 'close'; id: number }
  | { type: 'stop' }
  /** The desktop's answer to a question. */
  | { type: 'answer'; id: number; yes: boolean };

/** What the engine asks the desktop, which asks the user in a dialog of its own. */
export interface Asking {
  type: 'ask';
  id: number;
  message: string;
  detail: string;
}

/**
 * Tells connections apart that share the channel to the parent process. A window may call before the engine is ready:
 * what it sends waits until somebody listens.
 */
export function createChildPorts(send: (message: ChildMessage) => void, accept: (port: Port) => void) {
  const inboxes = new Map<number, Inbox>();
  const connect = (id: number) => {
    const inbox = new Inbox();
    inboxes.set(id, inbox);
    inbox.onClose(() => inboxes.delete(id));
    accept({
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      post(data) {
        if (!inbox.closed) send({ type: 'message', id, data });
      },
      dispose() {
        if (inbox.closed) return;
        send({ type: 'close', id });
        inbox.dispose();
      },
    });
  };
  return {
    receive(message: ChildMessage): void {
      if (message.type === 'connect') connect(message.id);
      else if (message.type === 'message') inboxes.get(message.id)?.deliver(message.data);
      else if (message.type === 'close') inboxes.get(message.id)?.dispose();
    },
  };
}
