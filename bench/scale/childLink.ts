import net from 'node:net';

/**
 * A slow link as a TCP proxy. Arguments: port of the server, bits a second (each way), round trip in milliseconds. All
 * connections share the rate; every byte arrives half a round trip after it has left, and a connection is open after a
 * whole one. What does not fit into a router's buffer waits at its sender. TCP's slow start is not part of it, which
 * favours whoever opens more connections. Prints its own port.
 */
const [target = '', rate = '', roundTrip = ''] = process.argv.slice(2);
const bytesPerMs = Number(rate) / 8 / 1000;
const halfTripMs = Number(roundTrip) / 2;
const bufferMs = 100;
const pieceBytes = 4 * 1024;

class Direction {
  /** When the last byte that was taken has left. */
  #freeAt = 0;

  /** Carries bytes from one socket to the other at the rate that both directions' connections share. */
  carry(from: net.Socket, to: net.Socket): void {
    let ended = 0;
    from.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        this.#freeAt = Math.max(performance.now(), this.#freeAt) + piece.length / bytesPerMs;
        this.#at(this.#freeAt + halfTripMs, () => to.writable && to.write(piece));
        ended = this.#freeAt + halfTripMs;
      }
      const fullMs = this.#freeAt - performance.now() - bufferMs;
      if (fullMs <= 0) return;
      from.pause();
      setTimeout(() => from.resume(), fullMs);
    });
    // Behind its last byte.
    from.on('end', () => this.#at(Math.max(ended, performance.now() + halfTripMs), () => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => this.#at(Math.max(ended, performance.now() + halfTripMs), () => to.destroy()));
  }

  #queue: { at: number; run: () => void }[] = [];
  #planned = false;

  /** In order: the times of one direction never go back, but for ends, which wait for what is before them. */
  #at(at: number, run: () => void): void {
    this.#queue.push({ at, run });
    this.#plan();
  }

  #plan(): void {
    const next = this.#queue[0];
    if (this.#planned || next === undefined) return;
    this.#planned = true;
    setTimeout(
      () => {
        this.#planned = false;
        const now = performance.now() + 0.5;
        while (this.#queue[0] !== undefined && this.#queue[0].at <= now) this.#queue.shift()?.run();
        this.#plan();
      },
      Math.max(0, next.at - performance.now()),
    );
  }
}

const up = new Direction();
const down = new Direction();
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  client.on('error', () => client.destroy());
  client.pause();
  setTimeout(() => {
    const upstream = net.connect({ port: Number(target), host: '127.0.0.1', allowHalfOpen: true });
    up.carry(client, upstream);
    down.carry(upstream, client);
    client.resume();
  }, Number(roundTrip));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
process.on('disconnect', () => process.exit());
