import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

/** A link that is slow and far, in front of a server on this machine: see childLink.ts. In a process of its own. */
export class SlowLink {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static start(options: { port: number; bitsPerSecond: number; roundTripMs: number }): Promise<SlowLink> {
    const args = [options.port, options.bitsPerSecond, options.roundTripMs].map(String);
    const child = fork(path.join(import.meta.dirname, 'childLink.ts'), args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      child.once('message', (port) => resolve(new SlowLink(port as number, child)));
      child.once('exit', (code) => reject(new Error(`The slow link ended with ${code}`)));
    });
  }

  close(): void {
    this.#child.kill();
  }
}
