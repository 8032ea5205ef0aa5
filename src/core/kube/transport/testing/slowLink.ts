import net from 'node:net';

/** A TCP proxy in this process that carries so many bytes a second, half a round trip late. All connections share it. */
interface SlowWay {
  port: number;
  close(): void;
}

export function slowWay(target: number, bytesPerSecond: number, roundTripMs: number): Promise<SlowWay> {
  const sockets = new Set<net.Socket>();
  const direction = () => {
    let freeAt = 0;
    return (from: net.Socket, to: net.Socket) => {
      from.on('data', (bytes) => {
        freeAt = Math.max(freeAt, performance.now()) + (bytes.length * 1000) / bytesPerSecond;
        const waitMs = freeAt - performance.now();
        setTimeout(() => to.writable && to.write(bytes), waitMs + roundTripMs / 2);
        from.pause();
        setTimeout(() => from.resume(), waitMs);
      });
      // A client that goes ends the transfer at once; what was under way is nobody's.
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      sockets.add(from);
    };
  };
  const up = direction();
  const down = direction();
  const server = net.createServer((client) => {
    const upstream = net.connect({ host: '127.0.0.1', port: target });
    up(client, upstream);
    down(upstream, client);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as net.AddressInfo).port,
        close() {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      });
    });
  });
}
