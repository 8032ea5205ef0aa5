import type { Port } from '../client.ts';
import { Inbox } from './inbox.ts';

/**
 * Two ends of one connection in the same process. Messages are cloned and arrive in a later microtask, in order, so that
 * what works here works over a real port too: nothing is shared, and what cannot be cloned throws when it is posted.
 */
export function createMemoryPorts(): [Port, Port] {
  const left = new Inbox();
  const right = new Inbox();
  return [memoryPort(left, right), memoryPort(right, left)];
}

function memoryPort(own: Inbox, other: Inbox): Port {
  return {
    post(message) {
      if (own.closed) return;
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => other.deliver(copy));
    },
    onMessage: own.onMessage,
    onClose: own.onClose,
    dispose() {
      own.dispose();
      // After what was posted before, as with a real port.
      queueMicrotask(() => other.dispose());
    },
  };
}
