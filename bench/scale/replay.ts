import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { type RecordedPods, recordingOf } from './recording.ts';

export type ReplayOrder = { type: 'count' } | { type: 'prepare' } | ({ type: 'send' } & EventOrder);

/** Changes of pods, over all clusters together. */
export interface EventOrder {
  perSecond: number;
  probesPerSecond: number;
  seconds: number;
}

export interface SentEvents {
  sent: number;
  /** Events that a client who was behind did not get. */
  skipped: number;
  seconds: number;
  /** Restart count of each probe, and when it was sent, milliseconds since the epoch. */
  probedAt: [number, number][];
}

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

export type ReplayReport =
  | { type: 'ready' }
  | { type: 'counts'; counts: ReplayCounts }
  | { type: 'prepared' }
  | { type: 'sent'; events: SentEvents };

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
    return (await this.#ask({ type: 'count' }, 'counts')).counts;
  }

  /** Makes the events that `send` sends. */
  async prepareEvents(): Promise<void> {
    await this.#ask({ type: 'prepare' }, 'prepared');
  }

  async send(order: EventOrder): Promise<SentEvents> {
    return (await this.#ask({ type: 'send', ...order }, 'sent')).events;
  }

  close(): void {
    this.#child.kill();
  }

  #ask<T extends ReplayReport['type']>(order: ReplayOrder, type: T): Promise<Extract<ReplayReport, { type: T }>> {
    const answer = this.#next(type);
    this.#child.send(order);
    return answer;
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
