import type { Implementations, LiveSource, LiveState } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { Forward, portforward } from './contract.ts';
import type { Forwards } from './portforward.ts';
import { portsOf } from './targets.ts';

export function portforwardApi(forwards: Forwards, fleet: OpenClusters): Implementations<typeof portforward> {
  return {
    forwards: () => new ForwardsSource(forwards),
    ports: async ({ object }) => ({ ports: await portsOf(fleet, object) }),
    async start(input) {
      const { key, url } = await forwards.start(input);
      return { key, url };
    },
    async stop({ key }) {
      await forwards.stop(key);
      return {};
    },
  };
}

class ForwardsSource implements LiveSource<Record<string, never>, Forward> {
  readonly #forwards: Forwards;
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly #subscription;
  #rev = 0;

  constructor(forwards: Forwards) {
    this.#forwards = forwards;
    this.#subscription = forwards.onChange(() => {
      this.#rev++;
      this.#changed.fire();
    });
  }

  read(): LiveState<Record<string, never>, Forward> {
    return { rev: this.#rev, head: {}, rows: this.#forwards.rows() };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
