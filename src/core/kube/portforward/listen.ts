import net from 'node:net';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Upgraded } from '../transport/index.ts';

export interface ForwardOptions {
  /** Address of this machine. */
  address: string;
  /** 0 for any free one. */
  port: number;
  /** Opens the way to the pod, once for each connection. */
  connect(): Promise<Upgraded>;
  onTraffic(bytes: { up: number; down: number }): void;
  onConnections(count: number): void;
  /** A connection could not be made, or the pod's side refused it. */
  onProblem(error: unknown): void;
}

export interface LocalForward extends Disposable {
  /** The port that it got. */
  readonly port: number;
}

/** More than this waits for the pod: the local side is not read until it is less. */
const mostWaitingBytes = 1024 * 1024;
const drainMs = 10;
const channels = { data: 0, error: 1 } as const;

/** Rejects with `conflict` when the port is taken, `forbidden` when it may not be used, `invalid` for a wrong address. */
export function listenForward(options: ForwardOptions): Promise<LocalForward> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    options.onConnections(sockets.size);
    socket.once('close', () => {
      sockets.delete(socket);
      options.onConnections(sockets.size);
    });
    socket.on('error', () => socket.destroy());
    options.connect().then(
      (upgraded) => join(socket, upgraded, options),
      (error: unknown) => {
        options.onProblem(error);
        socket.destroy();
      },
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(whyNot(error, options)));
    server.listen({ host: options.address, port: options.port }, () => {
      resolve({
        port: (server.address() as net.AddressInfo).port,
        dispose() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

function join(socket: net.Socket, upgraded: Upgraded, options: ForwardOptions): void {
  // Both channels begin with the port's number.
  const begun = new Set<number>();
  let draining: NodeJS.Timeout | undefined;
  let refused = '';
  const end = () => {
    clearInterval(draining);
    upgraded.dispose();
    socket.destroy();
  };
  upgraded.onMessage = (bytes) => {
    const channel = bytes[0];
    if (channel === undefined) return;
    let payload = bytes.subarray(1);
    if (!begun.has(channel)) {
      begun.add(channel);
      payload = payload.subarray(2);
    }
    if (payload.length === 0) return;
    if (channel === channels.error) {
      refused += Buffer.from(payload).toString('utf8');
      options.onProblem(new KubeSageError('unreachable', refused.trim().slice(0, 500)));
      end();
    } else {
      options.onTraffic({ up: 0, down: payload.length });
      // The message's memory is the socket library's: it is written, or copied by the kernel, in order.
      if (!socket.write(payload)) upgraded.pause();
    }
  };
  upgraded.onClose = (error) => {
    clearInterval(draining);
    if (error !== undefined) options.onProblem(error);
    socket.end();
  };
  socket.on('drain', () => upgraded.resume());
  socket.on('data', (bytes) => {
    options.onTraffic({ up: bytes.length, down: 0 });
    const framed = Buffer.allocUnsafe(bytes.length + 1);
    framed[0] = channels.data;
    bytes.copy(framed, 1);
    upgraded.send(framed);
    if (upgraded.waitingBytes <= mostWaitingBytes || draining !== undefined) return;
    socket.pause();
    draining = setInterval(() => {
      if (upgraded.waitingBytes > mostWaitingBytes / 2) return;
      clearInterval(draining);
      draining = undefined;
      socket.resume();
    }, drainMs);
  });
  // The protocol knows no half-closed connection: what the pod still sends after our end is waited for a little.
  socket.on('close', end);
  socket.resume();
}

function whyNot(error: unknown, { address, port }: ForwardOptions): KubeSageError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new KubeSageError('conflict', `Port ${port} of ${address} is taken by another program`, {
      hint: 'Choose another port, or 0 for any free one.',
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new KubeSageError('forbidden', `Port ${port} may not be used by this user`, {
      hint: 'Ports below 1024 want more rights: choose a higher one.',
      cause: error,
    });
  }
  return new KubeSageError('invalid', `${address}:${port} cannot be listened on`, {
    hint: 'Use an address of this machine, such as 127.0.0.1.',
    cause: error,
  });
}
