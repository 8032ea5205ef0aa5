import type { Port } from '../client.ts';
import { KubeSageError } from '../errors.ts';
import { messageLimits } from '../messageLimits.ts';
import { Inbox } from './inbox.ts';

/** A browser's WebSocket, or that of `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
}

const opening = 0;
const isOpen = 1;

/** Code 1009 of RFC 6455, section 7.4.1: too big to process. */
const tooBig = 1009;

export interface WebSocketPortOptions {
  /**
   * The longest text taken, in UTF-16 units; a longer one closes the socket unread. Absent: a client's limit, which
   * takes what its server sends.
   */
  maxLength?: number;
}

/** A socket that is open already. Every text is one message as JSON; what is not JSON arrives as what the server refuses. */
export function fromWebSocket(socket: WebSocketLike, options: WebSocketPortOptions = {}): Port {
  const { maxLength = Number.POSITIVE_INFINITY } = options;
  const inbox = new Inbox();
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') return inbox.deliver(undefined);
    if (data.length > maxLength) return socket.close(tooBig, 'The message is too large');
    inbox.deliver(parse(data));
  });
  socket.addEventListener('close', () => inbox.dispose());
  // A socket that fails closes as well, and says so with `close`; without this listener `ws` would throw.
  socket.addEventListener('error', () => {});
  return {
    post(message) {
      if (inbox.closed || socket.readyState !== isOpen) return;
      socket.send(JSON.stringify(message));
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    dispose() {
      if (inbox.closed) return;
      socket.close();
      inbox.dispose();
    },
  };
}

/** The server's end of a socket: takes no more than a client may send. */
export function fromServerSocket(socket: WebSocketLike, maxBytes: number = messageLimits.messageBytes): Port {
  // Escapes can make a text up to six times as long as what it says weighs.
  return fromWebSocket(socket, { maxLength: 6 * maxBytes });
}

/** Waits until the socket is open. Rejects with `unavailable` when it closes instead. */
export function whenOpen(socket: WebSocketLike): Promise<Port> {
  const port = fromWebSocket(socket);
  if (socket.readyState === isOpen) return Promise.resolve(port);
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new KubeSageError('unavailable', 'The server did not accept the connection'));
    socket.addEventListener('open', () => resolve(port));
    port.onClose(refuse);
    if (socket.readyState !== opening) refuse();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a message, and the reader of messages says so in its answer.
    return undefined;
  }
}
