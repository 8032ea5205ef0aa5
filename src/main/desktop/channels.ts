import { z } from 'zod';
import { type Clock, systemClock } from '../../core/kernel/clock.ts';
import { RateLimit } from '../../core/kernel/rateLimit.ts';

/**
 * Every message that a page may send to the main process: its shape, how often, and whether it is answered. The preload
 * sends nothing else, and main listens to nothing else.
 */
export const channels = {
  /** Asks for a connection to the engine. A page that reconnects every second stays far below. */
  connect: { name: 'kubesage:connect', input: z.tuple([]), perMinute: 120 },
  /** Lets the user choose a kubeconfig. A person opens no two dialogs a second. */
  chooseKubeconfig: { name: 'kubesage:choose-kubeconfig', input: z.tuple([z.enum(['file', 'folder'])]), perMinute: 60 },
  theme: { name: 'kubesage:theme', input: z.tuple([z.enum(['system', 'light', 'dark'])]), perMinute: 300 },
} as const;

export type Channel = (typeof channels)[keyof typeof channels];

/** Decides about one sender's messages on one channel: they must fit, and not be too many. */
export class Gate<C extends Channel> {
  readonly #channel: C;
  readonly #rate: RateLimit;

  constructor(channel: C, clock: Clock = systemClock) {
    this.#channel = channel;
    this.#rate = new RateLimit(clock, channel.perMinute / 60, channel.perMinute);
  }

  /** @returns the message's values, or undefined when it is to be dropped. */
  admit(values: readonly unknown[]): z.output<C['input']> | undefined {
    if (!this.#rate.take()) return undefined;
    const parsed = this.#channel.input.safeParse(values);
    return parsed.success ? (parsed.data as z.output<C['input']>) : undefined;
  }
}
