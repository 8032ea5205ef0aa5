import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { type RecordedPods, recordingOf } from './recording.ts';

export type ReplayOrder = { type: 'count' };

export interface ReplayCounts {
  requests: number;
  lists: number;
  watches: number;
  bytesSent: number;
  openWatches: number;
  /** Questions that nothing was recorded for, of the first few. */
  unknown: string[];
  cpuSeconds: number;
}

export type ReplayReport = { type: 'ready' } | { type: 'counts'; counts: ReplayCounts };

/** Clusters that answer as a real API server did, out of a process of their own. */
export class Replay {
  readonly kubeconfig: string;
  readonly #child: ChildProcess;

  private constructor(kubeconfig: string, child: ChildProcess) {
    this.kubeconfig = kubeconfig;
    this.#child = child;
  }

  /** @param folder where the kubeconfig is written; one context a cluster, `replay-00` and so on */
  static async start(options: { pods: RecordedPods; clusters: number; folder: string }): Promise<Replay> {
    const recording = await recordingOf(options.pods);
    const kubeconfig = path.join(options.folder, 'kubeconfig');
    const child = fork(
      path.join(import.meta.dirname, 'childReplay.ts'),
      [recording.folder, String(options.clusters), kubeconfig],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    const replay = new Replay(kubeconfig, child);
    await replay.#next('ready');
    return replay;
  }

  async counts(): Promise<ReplayCounts> {
    const answer = this.#next('counts');
    this.#child.send({ type: 'count' } satisfies ReplayOrder);
    return (await answer).counts;
  }

  close(): void {
    this.#child.kill();
  }

  #next<T extends ReplayReport['type']>(type: T): Promise<Extract<ReplayReport, { type: T }>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`The replayed clusters ended with ${code}`));
      const listen = (message: ReplayReport) => {
        if (message.type !== type) return;
        this.#child.off('exit', ended);
        this.#child.off('message', listen);
        resolve(message as Extract<ReplayReport, { type: T }>);
      };
      this.#child.on('message', listen);
      this.#child.once('exit', ended);
    });
  }
}
