import type { Upgraded } from '../../kube/transport/index.ts';
import type { TerminalSize } from './contract.ts';
import type { Ending, Line, LineEvents } from './line.ts';

/** Subprotocols of remotecommand, the best first. v5 can also say that the input has ended. */
export const remoteProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The first byte of every message says what it is. */
const channel = { input: 0, output: 1, errors: 2, status: 3, resize: 4, close: 255 } as const;

/** A message of a paste: small enough that whoever passes it on need not keep much. */
const inputBytes = 16 * 1024;

/** The channels of one exec or attach over its WebSocket. */
export class Channels implements Line {
  readonly #socket: Upgraded;
  readonly #encoder = new TextEncoder();
  #over = false;

  constructor(socket: Upgraded, events: LineEvents) {
    this.#socket = socket;
    let ending: Ending | undefined;
    const over = (report: () => void) => {
      if (this.#over) return;
      this.#over = true;
      report();
    };
    socket.onMessage = (bytes) => {
      const payload = bytes.subarray(1);
      if (bytes[0] === channel.output && payload.length > 0) events.output('out', payload);
      else if (bytes[0] === channel.errors && payload.length > 0) events.output('err', payload);
      // Output that was sent before it has come before it; the socket's end is not waited for.
      else if (bytes[0] === channel.status && payload.length > 0) {
        ending = readEnding(new TextDecoder().decode(payload));
        over(() => events.end(ending ?? {}));
      }
    };
    socket.onClose = (error) => over(() => events.lost(error));
  }

  get waitingBytes(): number {
    return this.#socket.waitingBytes;
  }

  input(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += inputBytes) {
      this.#send(channel.input, bytes.subarray(at, at + inputBytes));
    }
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#send(channel.resize, this.#encoder.encode(JSON.stringify({ Width: columns, Height: rows })));
  }

  endInput(): boolean {
    if (!this.#socket.protocol.startsWith('v5')) return false;
    this.#send(channel.close, Uint8Array.of(channel.input));
    return true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  dispose(): void {
    this.#over = true;
    this.#socket.dispose();
  }

  #send(to: number, payload: Uint8Array): void {
    if (this.#over) return;
    const message = new Uint8Array(payload.length + 1);
    message[0] = to;
    message.set(payload, 1);
    this.#socket.send(message);
  }
}

interface StatusText {
  status?: string;
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** Reads what channel 3 says: a Status, of which an exit code is one form. */
export function readEnding(text: string): Ending {
  let status: StatusText;
  try {
    status = JSON.parse(text) as StatusText;
  } catch {
    // Older kubelets write their error as plain text.
    return { message: text.trim() };
  }
  if (status.status === 'Success') return { exitCode: 0 };
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && code !== undefined && /^\d{1,5}$/.test(code)) {
    return { exitCode: Number(code) };
  }
  // Each server on the way puts its own words before those of the runtime.
  const words = status.message?.replace(/^(?:Internal error occurred: |error executing command in container: )+/, '');
  return { message: words || status.reason || 'The server does not say why it ended' };
}
